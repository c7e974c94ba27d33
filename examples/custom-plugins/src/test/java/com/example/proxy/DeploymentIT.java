package com.example.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.RawRequest;
import dev.sluice.testkit.wire.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deployment as it is shipped: its jars, its configuration, a process of its own, and real sockets on both sides. */
class DeploymentIT {

    private static final Path SHIPPED = Path.of("target/deployment").toAbsolutePath();
    private static final String REPLY = "HTTP/1.1 200 OK\r\nSet-Cookie: sid=1; Path=/\r\nContent-Length: 4\r\n\r\n";

    @TempDir
    private Path directory;

    private final ScriptedUpstream reports = ScriptedUpstream.respondWith(REPLY + "old\n");
    private Process proxy;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws IOException {
        serve(reports);
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        SHIPPED.resolve("jars") + "/*",
                        "dev.sluice.engine.launch.Main",
                        "--config",
                        SHIPPED.resolve("proxy.conf").toString())
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().put("PORT", "0");
        command.environment().put("NIGHTLY_KEY", SignedRequests.KEY);
        proxy = command.start();
        String listening = new BufferedReader(new InputStreamReader(proxy.getInputStream(), UTF_8)).readLine();
        assertThat(listening).startsWith("sluice: listening on ");
        int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
        address = new InetSocketAddress("127.0.0.1", port);
    }

    @AfterEach
    void stop() throws InterruptedException {
        proxy.destroy();
        assertThat(proxy.waitFor(30, TimeUnit.SECONDS)).as("ends on SIGTERM").isTrue();
        reports.close();
    }

    @Test
    void signedRequest_goesThrough_once_andTheFileOfServicesMayChange() throws IOException {
        String signature = sign("/reports/?week=3");
        RawReply reply =
                get("/reports/?week=3", "Authorization: " + signature + "\r\nCookie: reports-sid=0; other=1\r\n");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("old\n");
        assertThat(reply.headers("Set-Cookie")).containsExactly("reports-sid=1; Path=/");

        RawRequest sent = reports.awaitRequest(1);
        assertThat(sent.headers("X-Caller")).containsExactly("nightly");
        assertThat(sent.headers("Authorization")).isEmpty();
        assertThat(sent.headers("Cookie")).containsExactly("sid=0");

        assertThat(get("/reports/?week=3", "Authorization: " + signature + "\r\n")
                        .status())
                .as("replayed")
                .isEqualTo(401);
        assertThat(get("/reports/?week=3", "X-Caller: nightly\r\n").status())
                .as("not signed")
                .isEqualTo(403);
        assertThat(get("/", "Authorization: " + sign("/") + "\r\n").status())
                .as("no such service")
                .isEqualTo(404);

        try (ScriptedUpstream moved = ScriptedUpstream.respondWith(REPLY + "new\n")) {
            serve(moved);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> get("/reports/", "Authorization: " + sign("/reports/") + "\r\n")
                            .text()
                            .equals("new\n"));
        }
    }

    private void serve(ScriptedUpstream upstream) throws IOException {
        Files.writeString(
                directory.resolve("services.yaml"),
                Files.readString(SHIPPED.resolve("services.yaml")).replace("9001", Integer.toString(upstream.port())));
    }

    private RawReply get(String target, String fields) {
        try (RawClient client = RawClient.connect(address)) {
            client.send(
                    "GET " + target + " HTTP/1.1\r\nHost: localhost:" + address.getPort() + "\r\n" + fields + "\r\n");
            return client.readReply();
        }
    }

    private String sign(String target) {
        FakeRequest request = FakeRequest.get("http://localhost:" + address.getPort() + target);
        return SignedRequests.authorization(
                request,
                SignedRequests.KEY,
                Instant.now().getEpochSecond(),
                UUID.randomUUID().toString());
    }
}
