package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.ProxySettings.Pool;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections to upstreams are used again, and for how long they are kept. */
class PoolTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String OK = Scripts.text("ok");

    @Test
    void connectionIsIdleTooLong_isClosed() {
        try (var upstream = ScriptedUpstream.respondWith(OK);
                var proxy = TestProxy.to(
                        upstream.upstream(),
                        Bounds.pool(
                                p -> new Pool(p.idlePerUpstream(), Duration.ofMillis(100), p.age(), p.requests())));
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            upstream.awaitNoOpenConnection();
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void connectionIsTooOld_isNotUsedAgain() {
        try (var upstream = ScriptedUpstream.respondWith(OK);
                var proxy = TestProxy.to(
                        upstream.upstream(),
                        Bounds.pool(p -> new Pool(p.idlePerUpstream(), p.idle(), Duration.ofNanos(1), p.requests())));
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            client.send(GET).readReply();
            assertThat(upstream.connections()).hasSize(2);
        }
    }

    @Test
    void connectionHasCarriedItsRequests_isNotUsedAgain() {
        try (var upstream = ScriptedUpstream.respondWith(OK);
                var proxy = TestProxy.to(
                        upstream.upstream(), Bounds.pool(p -> new Pool(p.idlePerUpstream(), p.idle(), p.age(), 2)));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                client.send(GET).readReply();
            }
            assertThat(upstream.connections()).hasSize(2);
        }
    }

    /** The client's loops share no pool, so what is counted is the connections of one of them. */
    @Test
    void moreIdleConnectionsThanAreKept_areClosed() {
        int clients = 8;
        var together = new CountDownLatch(clients);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    together.countDown();
                    c.stallUntil(together);
                    c.send(OK).awaitEnd();
                });
                var proxy = TestProxy.to(
                        upstream.upstream(), Bounds.pool(p -> new Pool(1, p.idle(), p.age(), p.requests())))) {
            RawClient[] all = new RawClient[clients];
            for (int i = 0; i < clients; i++) {
                all[i] = proxy.connect().send(GET);
            }
            for (RawClient client : all) {
                assertThat(client.readReply().text()).isEqualTo("ok");
            }
            int loops = Runtime.getRuntime().availableProcessors();
            await().until(() -> upstream.openConnections() <= loops);
            for (RawClient client : all) {
                client.close();
            }
        }
    }

    /** What follows a response, or comes in between two, could be taken for the next client's response. */
    @ParameterizedTest
    @ValueSource(
            strings = {"H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "evil\r\n\r\n"})
    void bytesBehindAResponse_discardTheConnection(String extra) {
        try (var upstream = ScriptedUpstream.startInTurn(
                        c -> {
                            c.readRequest();
                            c.send(OK + extra).awaitEnd();
                        },
                        Scripts.respondWith(OK));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
            }
            assertThat(upstream.connections()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"})
    void bytesOnAnIdleConnection_discardIt(String extra) {
        var answered = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.startInTurn(
                        c -> {
                            c.readRequest();
                            c.send(OK).stallUntil(answered).send(extra).awaitEnd();
                        },
                        Scripts.respondWith(OK));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            proxy.awaitEnded();
            answered.countDown();
            upstream.awaitNoOpenConnection();
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
            assertThat(upstream.connections()).hasSize(2);
        }
    }

    @Test
    void upstreamClosesAnIdleConnection_anotherIsOpened() {
        var answered = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send(OK).stallUntil(answered).finishSending().awaitEnd(); // which the proxy has noticed by then
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            answered.countDown();
            upstream.awaitNoOpenConnection();
            assertThat(client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
                            .readReply()
                            .text())
                    .isEqualTo("ok");
        }
    }

    @Test
    void http10Upstream_isNotPooled() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 1; i <= 2; i++) {
                assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
                assertThat(upstream.connections()).hasSize(i);
            }
        }
    }
}
