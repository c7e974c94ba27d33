package dev.sluice.engine.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.engine.admin.AdminPage.Answer;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class AdminListenerTest {

    private static final String REST = " HTTP/1.1\r\nHost: localhost\r\n\r\n";

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
        assertThat(ready.header("X-Content-Type-Options")).isEqualTo("nosniff");
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

    /** What a browser sends for a page whose name leads to 127.0.0.1 for the moment. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9901",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "localhost@evil",
                "2130706433",
                ""
            })
    void foreignName_isRefusedOnTheHostsOwnAddress(String host) {
        assertThat(ask("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
                .isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:1", "LOCALHOST", "127.0.0.1:9901", "[::1]:9901", "192.0.2.7"})
    void localhostAndAddresses_areNoForeignNames(String host) {
        assertThat(ask("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
                .isEqualTo(200);
    }

    @Test
    void foreignName_isServedOnAnAddressThatOthersReach() throws IOException {
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/livez");
        request.headers().set("Host", "proxy.default.svc");
        assertThat(HostRule.refusal(request, InetAddress.getByName("192.0.2.1")))
                .isNull();
        assertThat(HostRule.refusal(request, InetAddress.getByName("127.0.0.1")))
                .isNotNull();
    }

    @Test
    void listenerOnAllAddresses_knowsOnWhichItIsAsked() throws IOException {
        try (AdminListener open =
                        AdminListener.start(new InetSocketAddress("0.0.0.0", 0), Map.of("/livez", Probes.LIVE));
                RawClient client = RawClient.connect(
                        new InetSocketAddress("127.0.0.1", open.address().getPort()))) {
            client.send("GET /livez HTTP/1.1\r\nHost: proxy.default.svc\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(421);
        }
    }

    @Test
    void hostMissingOrTwice_isRefused() {
        assertThat(ask("GET /livez HTTP/1.1\r\n\r\n").status()).isEqualTo(400);
        assertThat(ask("GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(ask("GET /livez HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /livez HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "GET /livez HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
                "GET /livez HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n",
                "POST /livez HTTP/1.1\r\nContent-Length: 5\r\n"
            })
    void whateverFollowsAHead_isNoRequest(String head) {
        try (RawClient client = RawClient.connect(admin.address())) {
            client.send(head + "Host: localhost\r\n\r\n0\r\n\r\n" + "GET /readyz" + REST);
            assertThat(client.readReply().text()).isNotEqualTo("ready\n");
            client.expectEnded();
        }
    }

    @Test
    void failureOfAPage_isLoggedWithoutTheQuery() {
        Logger logger = (Logger) LoggerFactory.getLogger(AdminHandler.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        try {
            ask("GET /broken?token=hunter2" + REST);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("/broken could not be shown");
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
