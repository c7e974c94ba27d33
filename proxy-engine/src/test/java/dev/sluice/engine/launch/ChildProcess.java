package dev.sluice.engine.launch;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The launcher in a JVM of its own, as a deployment runs it. */
final class ChildProcess implements AutoCloseable {

    private static final String LISTENING = "sluice: listening on 127.0.0.1:";

    private final Process process;
    private final BufferedReader out;

    private ChildProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    static ChildProcess start(String... args) throws IOException {
        return start(System.getProperty("java.class.path"), args);
    }

    /** With the jars whose path holds {@code left} left out. */
    static ChildProcess startWithout(String left, String... args) throws IOException {
        String jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> !jar.contains(left))
                .collect(Collectors.joining(File.pathSeparator));
        return start(jars, args);
    }

    private static ChildProcess start(String jars, String[] args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                jars,
                "-Dlogback.configurationFile=logback-child.xml",
                "dev.sluice.engine.launch.Main"));
        command.addAll(List.of(args));
        return new ChildProcess(new ProcessBuilder(command).start());
    }

    /** Waits until the proxy serves. */
    int port() throws IOException {
        String line = out.readLine();
        if (line == null || !line.startsWith(LISTENING)) {
            throw new IllegalStateException("printed " + line + " and " + err() + " (expected: " + LISTENING + "port)");
        }
        return Integer.parseInt(line.substring(LISTENING.length()));
    }

    /** SIGTERM; {@link Process#destroy} would close the streams with it. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGHUP. */
    void hangUp() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    /** The next line that is printed. */
    String line() throws IOException {
        return String.valueOf(out.readLine());
    }

    /** The exit code, once the process has ended. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running (expected: ended within 30 seconds)");
        }
        return process.exitValue();
    }

    /** What has been printed and not been read by {@link #port}, to its end. */
    String out() throws IOException {
        return String.join("\n", out.lines().toList());
    }

    /** What has been printed to standard error, to its end. */
    String err() {
        try {
            return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
