package dev.sluice.engine.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.admin.AdminPage.Answer;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminListenerTest {

    private static final String REST = " HTTP/1.1\r\nHost: h\r\n\r\n";

    private volatile List<String> obstacles = List.of();
    private AdminListener admin;

    @BeforeEach
    void start() throws IOException {
        admin = AdminListener.start(
                new InetSocketAddress("127.0.0.1", 0),
                Map.of(
                        "/livez",
                        Probes.LIVE,
                        "/readyz",
                        Probes.ready(() -> obstacles),
                        "/large",
                        () -> Answer.text(200, "x".repeat(1 << 20)),
                        "/broken",
                        () -> {
                            throw new IllegalStateException("hunter2");
                        }));
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private RawReply ask(String request) {
        try (RawClient client = RawClient.connect(admin.address())) {
            RawReply reply = client.send(request).readReply();
            client.expectEnded();
            return reply;
        }
    }

    @Test
    void probes_areAnsweredAndTheConnectionClosed() {
        assertThat(ask("GET /livez?verbose" + REST).status()).isEqualTo(200);
        RawReply ready = ask("GET /readyz" + REST);
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.text()).isEqualTo("ready\n");
        assertThat(ready.header("Connection")).isEqualTo("close");
        assertThat(ready.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void obstacles_areNamedIn503() {
        obstacles = List.of("authenticator sso: the session store does not answer", "resolver redis-routes: no routes");
        RawReply reply = ask("GET /readyz" + REST);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text())
                .isEqualTo("not ready\nauthenticator sso: the session store does not answer\n"
                        + "resolver redis-routes: no routes\n");
        assertThat(ask("GET /livez" + REST).status()).isEqualTo(200);
    }

    @Test
    void everythingElse_isRefused() {
        assertThat(ask("GET /" + REST).status()).isEqualTo(404);
        assertThat(ask("GET /livez/../readyz" + REST).status()).isEqualTo(404);
        assertThat(ask("POST /livez" + REST).status()).isEqualTo(405);
        assertThat(ask("GET /livez\r\n\r\n").status()).isEqualTo(400);
        RawReply broken = ask("GET /broken" + REST);
        assertThat(broken.status()).isEqualTo(500);
        assertThat(broken.text()).doesNotContain("hunter2");
    }

    @Test
    void pipelinedRequests_getOneAnswer() {
        try (RawClient client = RawClient.connect(admin.address())) {
            client.send(("GET /livez" + REST).repeat(3));
            assertThat(client.readReply().status()).isEqualTo(200);
            client.expectEnded();
        }
    }

    @Test
    void clientsThatDawdle_keepNoProbeOut() {
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < AdminConnections.MOST + 20; i++) {
                RawClient client = RawClient.connect(admin.address());
                slow.add(client);
                client.send(i % 2 == 0 ? "GET /livez HTTP/1.1\r\nHo" : "GET /large" + REST);
            }
            assertThat(ask("GET /livez" + REST).status()).isEqualTo(200);
        } finally {
            slow.forEach(RawClient::close);
        }
    }

    @Test
    void portInUse_isRefusedByName() {
        assertThatThrownBy(() -> AdminListener.start(admin.address(), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("admin: 127.0.0.1:" + admin.address().getPort() + " cannot be bound: ")
                .hasMessageContaining("in use");
    }
}
