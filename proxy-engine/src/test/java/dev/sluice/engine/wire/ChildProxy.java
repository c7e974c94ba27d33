package dev.sluice.engine.wire;

import dev.sluice.testkit.wire.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The proxy as an operator starts it: a process of its own, with memory of its own. */
final class ChildProxy implements AutoCloseable {

    private final Process process;
    private final InetSocketAddress address;

    private ChildProxy(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts the launcher with {@code config} and waits until it listens. */
    static ChildProxy start(Path folder, String config, String... jvmArguments) throws IOException {
        Path file = Files.writeString(folder.resolve("proxy.conf"), config);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmArguments));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("dev.sluice.engine.launch.Main", "--config", file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith("sluice: listening on ")) {
                int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
                return new ChildProxy(process, new InetSocketAddress("127.0.0.1", port));
            }
        }
        throw new AssertionError("the proxy did not start:\n" + said);
    }

    /** Everybody may go to host {@code h}, which is an upstream on this machine. */
    static String configTo(int upstreamPort) {
        return """
                listen { host = "127.0.0.1", port = 0 }
                authenticators = [ { plugin = anonymous } ]
                resolvers = [ { plugin = static, routes = [ { host = "h", upstream = "http://127.0.0.1:%d" } ] } ]
                """.formatted(upstreamPort);
    }

    InetSocketAddress address() {
        return address;
    }

    RawClient connect() {
        return RawClient.connect(address);
    }

    /** A figure of {@code /proc/<pid>/status}, in MiB: {@code VmRSS} now, {@code VmHWM} at most so far. */
    long mebibytes(String figure) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith(figure + ":")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no " + figure + " in /proc");
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits until the process has ended. */
    void awaitExit(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the proxy still runs after " + seconds + " s");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
