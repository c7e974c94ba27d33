package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a client's connection lasts (RFC 9112 §9). */
class ClientConnectionTest {

    @Test
    void connectionClose_isHonouredWithoutClosingTheUpstreams() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), s -> s)) {
            try (RawClient client = proxy.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                assertThat(client.readReply().headers("Connection")).containsExactly("close");
                client.expectClosed();
            }
            assertThat(upstream.awaitRequest(1).header("Connection")).isNull();
            assertThat(upstream.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void http10WithoutKeepAlive_isClosed() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
            assertThat(client.readReply().text()).isEqualTo("ok");
            client.expectClosed();
            assertThat(upstream.awaitRequest(1).requestLine()).isEqualTo("GET / HTTP/1.1");
        }
    }

    @Test
    void http10WithKeepAlive_lasts() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
                assertThat(client.readReply().headers("Connection")).containsExactly("keep-alive");
            }
        }
    }

    @Test
    void upstreamsConnectionClose_isItsOwn() {
        try (var upstream = ScriptedUpstream.respondWith(
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 1; i <= 2; i++) {
                var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                assertThat(reply.header("Connection")).isNull();
                assertThat(upstream.connections()).hasSize(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\r\nX: "})
    void headThatDoesNotEnd_returns408(String begun) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.requestHead(200));
                RawClient client = proxy.connect()) {
            client.send(begun);
            assertThat(client.readReply().status()).isEqualTo(408);
            client.expectClosed();
            assertThat(proxy.refused).hasSize(1).first().asString().startsWith("408");
        }
    }

    @Test
    void headThatTricklesBeyondTheLimit_returns408() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.requestHead(200));
                RawClient client = proxy.connect()) {
            client.trickle("GET / HTTP/1.1\r\nX: yyyyyyyyy", 3, Duration.ofMillis(40));
            assertThat(client.readReply().status()).isEqualTo(408);
        }
    }

    @Test
    void slowHeadWithinTheLimit_isServed() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.requestHead(5000));
                RawClient client = proxy.connect()) {
            client.trickle("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 1, Duration.ofMillis(1));
            assertThat(client.readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void idleConnection_isClosed() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.keepAliveIdle(200));
                RawClient unused = proxy.connect();
                RawClient used = proxy.connect()) {
            used.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            used.expectClosed();
            unused.expectClosed();
        }
    }

    @Test
    void requestLongerThanTheIdleTime_isNotIdle() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.trickle("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", 6, Duration.ofMillis(50));
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.keepAliveIdle(100));
                RawClient client = proxy.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readReply()
                            .text())
                    .isEqualTo("0123456789");
        }
    }
}
