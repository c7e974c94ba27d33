package dev.sluice.django;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The Django site of {@code src/test/django}, as a process. */
final class DjangoSite implements AutoCloseable {

    /** Debian's, for which the package python3-django is. */
    private static final String PYTHON = "/usr/bin/python3";

    private final Path directory;
    private final int port;
    private Process process;

    /** @param directory for its database, which survives a restart, and its notes */
    DjangoSite(Path directory) throws IOException {
        this.directory = directory;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        process = start();
    }

    /** Ends the test with an outcry if there is no Django here, or fails it where there has to be one. */
    static void require() throws IOException, InterruptedException {
        boolean there = Files.isExecutable(Path.of(PYTHON))
                && new ProcessBuilder(PYTHON, "-c", "import django")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
        if (there) {
            return;
        }
        String outcry = "django: not found (expected: " + PYTHON + " with Django, Debian's package python3-django)";
        if ("true".equals(System.getenv("CI"))) {
            fail(outcry);
        }
        System.err.println("\n!!! NOT TESTED against a real Django: " + outcry + "\n");
        abort(outcry);
    }

    int port() {
        return port;
    }

    /** The calls and error pages so far, such as {@code PUT /api/v1/application/lab 200}. */
    List<String> log() throws IOException {
        Path log = directory.resolve("calls.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /** Ends every application's process, as a failure of the machine that they run on. */
    void killApplications() throws IOException {
        Path pids = directory.resolve("pids");
        if (Files.exists(pids)) {
            for (String pid : Files.readAllLines(pids)) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
            Files.delete(pids);
        }
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void restart() throws IOException {
        process = start();
    }

    @Override
    public void close() throws IOException {
        kill();
        killApplications();
    }

    private Process start() throws IOException {
        Process started = new ProcessBuilder(
                        PYTHON, "src/test/django/workspace.py", String.valueOf(port), directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("django.log").toFile()))
                .start();
        await().atMost(Duration.ofSeconds(20)).until(() -> !started.isAlive() || listens());
        if (!started.isAlive()) {
            throw new IOException("Django ended: " + Files.readString(directory.resolve("django.log")));
        }
        return started;
    }

    private boolean listens() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
