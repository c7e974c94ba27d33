package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.Tls;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape shows of connections that never came to a request. */
class RefusedConnectionsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir
    static Path directory;

    private static Deployment start(String more) {
        Deployment deployment = Deployment.prepare(
                ProxyConfig.read(HoconConfig.parse("listen { port = 0 }\nadmin { port = 0, metrics = true }\n"
                        + "authenticators = [ { plugin = anonymous } ]\n"
                        + "resolvers = [ { plugin = static, routes = [ { respond { body = ok } } ] } ]\n" + more)));
        deployment.start();
        return deployment;
    }

    /** Waits until one scrape shows these figures. */
    private static void awaitRefused(Deployment deployment, int addressLimit, int proxyHeader, int tls) {
        String name = "sluice_connections_refused_total";
        await().untilAsserted(() -> assertThat(scraped(deployment, name))
                .containsExactlyInAnyOrder(
                        name + "{reason=\"address_limit\"} " + addressLimit + ".0",
                        name + "{reason=\"proxy_header\"} " + proxyHeader + ".0",
                        name + "{reason=\"tls\"} " + tls + ".0"));
    }

    private static List<String> scraped(Deployment deployment, String name) {
        try (RawClient client = RawClient.connect(deployment.adminAddress().orElseThrow())) {
            return client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readReply()
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .toList();
        }
    }

    private static RawClient connect(Deployment deployment) {
        return RawClient.connect(deployment.address());
    }

    private static Deployment startTls(TestAuthority authority, String more) {
        Path certificate = TestAuthority.writeKeyPair(directory, "a", authority.issue("a.test"));
        return start("listen.tls.certificates = [ { certificate = \"" + certificate + "\", key = \""
                + directory.resolve("a.key") + "\" } ]\n" + more);
    }

    @Test
    void handshakesThatFail_areCountedOnceEach() {
        TestAuthority authority = TestAuthority.create();
        Tls strange = TestAuthority.create().tls().withServerName("a.test");
        try (Deployment deployment = startTls(authority, "")) {
            connect(deployment).close();
            try (RawClient good =
                    RawClient.connect(deployment.address(), authority.tls().withServerName("a.test"))) {
                assertThat(good.send(GET).readReply().text()).isEqualTo("ok");
            }
            try (RawClient plain = connect(deployment)) {
                assertThat(plain.send(GET).readReply().status()).isEqualTo(400);
            }
            awaitRefused(deployment, 0, 0, 1);
            try (RawClient other = connect(deployment)) {
                other.send("\u0016\u0003\u0001\u0000\u0005hello").readToEnd();
            }
            awaitRefused(deployment, 0, 0, 2);
            assertThatThrownBy(() -> RawClient.connect(deployment.address(), strange));
            awaitRefused(deployment, 0, 0, 3);
        }
    }

    @Test
    void handshakeThatDoesNotBegin_isCounted() {
        try (Deployment deployment = startTls(TestAuthority.create(), "timeouts.tls-handshake = 50ms");
                RawClient silent = connect(deployment)) {
            silent.expectClosed();
            awaitRefused(deployment, 0, 0, 1);
        }
    }

    @Test
    void connectionsWithoutAProxyHeader_areCounted() {
        try (Deployment deployment = start("listen.proxy-protocol.from = [\"127.0.0.0/8\"]")) {
            try (RawClient without = connect(deployment)) {
                without.send(GET).expectClosed();
            }
            try (RawClient with = connect(deployment)) {
                assertThat(with.send("PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n" + GET)
                                .readReply()
                                .text())
                        .isEqualTo("ok");
            }
            awaitRefused(deployment, 0, 1, 0);
        }
    }

    @Test
    void connectionsBeyondTheLimitOfAnAddress_areCounted() {
        try (Deployment deployment = start("limits.connections-per-address = 1");
                RawClient served = connect(deployment)) {
            assertThat(served.send(GET).readReply().text()).isEqualTo("ok");
            try (RawClient refused = connect(deployment)) {
                assertThat(refused.readReply().status()).isEqualTo(429);
            }
            awaitRefused(deployment, 1, 0, 0);
        }
    }

    @Test
    void limitOfAllConnections_isCountedEachTimeItIsReached() {
        try (Deployment deployment = start("limits.connections = 2");
                RawClient first = connect(deployment)) {
            assertThat(first.send(GET).readReply().text()).isEqualTo("ok");
            assertThat(scraped(deployment, "sluice_accept_")).containsExactly("sluice_accept_pauses_total 0.0");
            for (int i = 1; i <= 2; i++) {
                String expected = "sluice_accept_pauses_total " + i + ".0";
                try (RawClient second = connect(deployment)) {
                    assertThat(second.send(GET).readReply().text()).isEqualTo("ok");
                    assertThat(scraped(deployment, "sluice_accept_")).containsExactly(expected);
                }
                await().until(() ->
                        scraped(deployment, "sluice_connections_open").contains("sluice_connections_open 1.0"));
            }
            awaitRefused(deployment, 0, 0, 0);
        }
    }
}
