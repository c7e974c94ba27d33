package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the figures come from. */
final class Machine {

    private Machine() {}

    static String describe(Options options, int rounds) throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 2))
                .orElse("unknown");
        return """
                Machine: %s, %d cores, Linux %s, load average %s when the run ended. The proxy has core %d for itself, \
                everything else is on core %d. Congestion control: %s. JDK %s, one event loop, serial collector, \
                heap 256 MiB. %s; %s; wrk. %d rounds of %d s for each figure, every proxy started anew in each, in turn.
                """.formatted(
                        model,
                        Runtime.getRuntime().availableProcessors() == 1
                                ? 2
                                : Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.version"),
                        read("/proc/loadavg").split(" ")[0],
                        Lab.PROXY_CORE,
                        Lab.LOAD_CORE,
                        read("/proc/sys/net/ipv4/tcp_congestion_control"),
                        System.getProperty("java.version"),
                        firstLine("nginx", "-v"),
                        firstLine("haproxy", "-v"),
                        rounds,
                        options.seconds());
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file)).strip();
    }

    private static String firstLine(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.lines().findFirst().orElse("").replaceAll(" - https.*", "");
    }
}
