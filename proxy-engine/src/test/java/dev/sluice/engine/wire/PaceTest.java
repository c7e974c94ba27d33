package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Timeouts;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Slow peers: those that are steady are waited for, those that only pretend to move are not; and nothing lasts for ever. */
class PaceTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    // ---- slow but steady

    @Test
    void uploadThatIsSlowButFastEnough_isServed() {
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.to(upstream.upstream(), uploads(100, 400));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200\r\n\r\n");
            client.trickle("x".repeat(200), 10, Duration.ofMillis(50));
            assertThat(client.readReply().text()).startsWith("200 ");
        }
    }

    // ---- too slow

    @Test
    void uploadThatTrickles_returns408AndCloses() {
        try (var upstream = ScriptedUpstream.start(c -> c.readRequest());
                var proxy = TestProxy.to(upstream.upstream(), uploads(10_000, 300));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n");
            client.trickle("x".repeat(60), 2, Duration.ofMillis(20));
            assertThat(client.readReply().status()).isEqualTo(408);
            client.expectClosed();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_SLOW);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void uploadThatTheUpstreamHoldsUp_isNotTheClientsFault() {
        int size = 16 << 20;
        try (var upstream = ScriptedUpstream.start(c -> {
                    var head = c.readHead();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1000));
                    c.send(Scripts.text("" + c.readBodyDigest(head).size()));
                });
                var proxy = TestProxy.to(upstream.upstream(), uploads(100 << 20, 300));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n")
                    .sendPattern(size);
            assertThat(client.readReply().text()).isEqualTo("" + size);
        }
    }

    // ---- lifetimes

    @Test
    void lifetimeEndsBeforeTheResponse_returns504() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.time("requestLifetime", 200));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(504);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.LIFETIME_ENDED);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void lifetimeEndsInABusyResponse_cutsIt() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                    c.trickle("x".repeat(10_000), 1, Duration.ofMillis(5));
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.time("requestLifetime", 300));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readTruncatedReply().status()).isEqualTo(200);
            var ended = proxy.awaitEnded();
            assertThat(ended.failure()).isEqualTo(Kind.LIFETIME_ENDED);
            assertThat(ended.committed()).isTrue();
        }
    }

    @Test
    void lifetimeOfTheRoute_comesBeforeTheProxys() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.awaitEnd();
                });
                var proxy = TestProxy.with(
                        s -> s,
                        b -> b.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream())
                                        .withTimeouts(Timeouts.INHERIT.withRequestLifetime(Duration.ofMillis(200))))));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(504);
        }
    }

    @Test
    void lifetimeOfARequest_doesNotOutliveIt() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.time("requestLifetime", 100));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
            client.expectSilence(Duration.ofMillis(300));
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void lifetimeOfATunnel_closesItWith1001() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream(), Bounds.time("tunnelLifetime", 300));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.sendText("busy").expectText("busy");
            socket.expectClose(1001);
            socket.sendClose(1001, "");
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.LIFETIME_ENDED);
        }
    }

    private static UnaryOperator<ProxySettings> uploads(int bytesPerSecond, long graceMillis) {
        return Bounds.both(Bounds.limit("bodyRate", bytesPerSecond), Bounds.time("bodyGrace", graceMillis));
    }
}
