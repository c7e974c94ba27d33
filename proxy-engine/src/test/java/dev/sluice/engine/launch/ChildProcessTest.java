package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

    /** 128 + 15: what a JVM that SIGTERM ended in order exits with. */
    private static final int TERMINATED = 143;

    /** A user's first file, as the documentation has it; the ports are put in by the tests. */
    private static final String SAMPLE = """
            listen { port = 8000 }                      # host = 127.0.0.1 by default; port = 0 picks one and prints it
            timeouts { request-head = 6s, connect = 3s, response-head = 8s, body-idle = 60s, keep-alive-idle = 60s, tunnel-idle = 60s }
            forwarding { trusted-proxies = [] }
            authenticators = [ { plugin = anonymous } ]
            resolvers = [ { plugin = static, routes = [ { upstream = "http://127.0.0.1:9000" } ] } ]
            """;

    @TempDir
    Path dir;

    private String sample(ScriptedUpstream upstream) throws IOException {
        return file(SAMPLE.replace("port = 8000", "port = 0").replace("http://127.0.0.1:9000", upstream.url()));
    }

    private String file(String text) throws IOException {
        return Files.writeString(dir.resolve("proxy.conf"), text).toString();
    }

    @Test
    void sampleFile_isAccepted() throws Exception {
        assertThat(Main.run(new String[] {"--check", "--config", file(SAMPLE)}, System.out, System.err))
                .isZero();
    }

    @Test
    void sampleFile_servesAndSigtermEndsItInOrder() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo());
                ChildProcess child = ChildProcess.start("--config", sample(upstream))) {
            int port = child.port();
            try (RawClient client = RawClient.connect(port)) {
                RawReply reply = client.send("GET /a%2Fb?c HTTP/1.1\r\nHost: any.example\r\n\r\n")
                        .readReply();
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.text()).startsWith("GET /a%2Fb?c HTTP/1.1\r\n").contains("any.example");
                RawReply options = client.send("OPTIONS * HTTP/1.1\r\nHost: any.example\r\n\r\n")
                        .readReply();
                assertThat(options.text()).startsWith("OPTIONS * HTTP/1.1\r\n");
                child.terminate();
                client.expectEnded();
            }
            assertThat(child.exitCode()).isEqualTo(TERMINATED);
            assertThat(complaints(child)).isEmpty();
            assertThat(child.out()).isEmpty();
        }
    }

    /** Without what a JVM of 24 or later says of native code. */
    private static Stream<String> complaints(ChildProcess child) {
        return child.err().lines().filter(line -> !line.isBlank() && !line.startsWith("WARNING: "));
    }

    @Test
    void sigtermDuringAnExchange_letsItFinish() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(connection -> {
                    connection.readRequest();
                    connection.stallUntil(release);
                    connection.send(Scripts.text("late"));
                });
                ChildProcess child = ChildProcess.start("--config", sample(upstream))) {
            int port = child.port();
            try (RawClient client = RawClient.connect(port)) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                upstream.awaitRequest(1);
                child.terminate();
                awaitRefused(port);
                release.countDown();
                assertThat(client.readReply().text()).isEqualTo("late");
                client.expectEnded();
            }
            assertThat(child.exitCode()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void sighup_readsTheFileAgain() throws Exception {
        try (ScriptedUpstream before = ScriptedUpstream.start(Scripts.respondWith(Scripts.text("before")));
                ScriptedUpstream after = ScriptedUpstream.start(Scripts.respondWith(Scripts.text("after")));
                ChildProcess child = ChildProcess.start("--config", sample(before));
                RawClient client = RawClient.connect(child.port())) {
            String get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
            assertThat(client.send(get).readReply().text()).isEqualTo("before");
            sample(after);
            child.hangUp();
            assertThat(child.line()).isEqualTo("sluice: reloaded; changed: resolvers");
            assertThat(client.send(get).readReply().text()).isEqualTo("after");
        }
    }

    @Test
    void metricsWithoutTheirJars_areRefused() throws Exception {
        String file = file("admin { metrics = true }\n" + MainTest.CHAINS);
        try (ChildProcess child = ChildProcess.startWithout("micrometer", "--check", "--config", file)) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(complaints(child))
                    .containsExactly("admin.metrics: true, but Micrometer is not there (expected: "
                            + "micrometer-registry-prometheus and what it needs among the jars), " + file + ": 1");
        }
    }

    @Test
    void wrongFile_exitsWith2AndNoStackTrace() throws Exception {
        String file = file("listen { port = 70000 }\n" + MainTest.CHAINS);
        try (ChildProcess child = ChildProcess.start("--config", file)) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.err()).isEqualTo("listen.port: 70000 (expected: 0-65535), " + file + ": 1\n");
            assertThat(child.out()).isEmpty();
        }
    }

    private static void awaitRefused(int port) {
        await().until(() -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return false;
            } catch (ConnectException e) {
                return true;
            }
        });
    }
}
