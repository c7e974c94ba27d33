package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A process on one core, with the kernel's account of what it has used. */
final class Pinned implements AutoCloseable {

    private static final int STARTED_WITHIN_SECONDS = 30;

    private final Process process;
    private final Path log;
    private final Instant started = Instant.now();

    private Pinned(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Starts {@code command} on {@code core}, writing to {@code log}. */
    static Pinned start(int core, List<String> command, Path log) throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        Process process = new ProcessBuilder(pinned)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Pinned(process, log);
    }

    long pid() {
        return process.pid();
    }

    /** Waits until {@code request}, sent to {@code port}, is answered as {@code expected}; says how long after the start. */
    Duration awaitAnswer(int port, String request, String expected) throws IOException {
        String last = "nobody listens";
        while (Duration.between(started, Instant.now()).toSeconds() < STARTED_WITHIN_SECONDS && process.isAlive()) {
            try (Socket probe = new Socket()) {
                probe.setSoTimeout(5000);
                probe.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                probe.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                last = new String(probe.getInputStream().readNBytes(expected.length()), StandardCharsets.ISO_8859_1);
                if (last.equals(expected)) {
                    return Duration.between(started, Instant.now());
                }
            } catch (IOException notYet) {
                last = notYet.toString();
            }
            pause();
        }
        throw new IOException("port " + port + ": " + last + " (expected: " + expected + "); " + Files.readString(log));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it has used so far. */
    Cpu cpu() throws IOException {
        return Cpu.of(process.pid());
    }

    /** Resident memory in KiB. */
    long rss() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.toUpperCase(Locale.ROOT).startsWith("VMRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("VmRSS: the process has ended; " + Files.readString(log));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
