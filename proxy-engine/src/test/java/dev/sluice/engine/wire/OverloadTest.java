package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamScript;
import dev.sluice.testkit.wire.WebSocketClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** More to do than is allowed at once: it waits for its turn, within bounds, and is told so beyond them. */
class OverloadTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final CountDownLatch answer = new CountDownLatch(1);

    private final UpstreamScript slow = c -> {
        while (true) {
            c.readRequest();
            answer.await();
            c.send(Scripts.text("ok"));
        }
    };

    @Test
    void exchangeTooMany_waitsForItsTurn() {
        try (var upstream = ScriptedUpstream.start(slow);
                var proxy = TestProxy.to(upstream.upstream(), bounds(1, 1, 30_000));
                RawClient first = proxy.connect();
                RawClient second = proxy.connect()) {
            first.send(GET);
            upstream.awaitRequest(1);
            second.send(GET).expectSilence(Duration.ofMillis(100));
            assertThat(upstream.requests()).hasSize(1);
            answer.countDown();
            assertThat(first.readReply().text()).isEqualTo("ok");
            assertThat(second.readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void queueIsFull_returns503WithRetryAfterAndKeepsTheConnection() {
        try (var upstream = ScriptedUpstream.start(slow);
                var proxy = TestProxy.to(upstream.upstream(), bounds(1, 1, 30_000));
                RawClient first = proxy.connect();
                RawClient second = proxy.connect();
                RawClient third = proxy.connect()) {
            first.send(GET);
            upstream.awaitRequest(1);
            second.send(GET).expectSilence(Duration.ofMillis(100));
            assertOverloaded(third.send(GET).readReply());
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.OVERLOADED);
            answer.countDown();
            first.readReply();
            second.readReply();
            assertThat(third.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void turnDoesNotComeInTime_returns503() {
        try (var upstream = ScriptedUpstream.start(slow);
                var proxy = TestProxy.to(upstream.upstream(), bounds(1, 10, 150));
                RawClient first = proxy.connect();
                RawClient second = proxy.connect();
                RawClient third = proxy.connect()) {
            first.send(GET);
            upstream.awaitRequest(1);
            assertOverloaded(second.send(GET).readReply());
            answer.countDown();
            assertThat(first.readReply().text()).isEqualTo("ok");
            assertThat(third.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void clientThatLeavesTheQueue_isNotServed() {
        try (var upstream = ScriptedUpstream.start(slow);
                var proxy = TestProxy.to(upstream.upstream(), bounds(1, 10, 30_000));
                RawClient first = proxy.connect();
                RawClient third = proxy.connect()) {
            first.send(GET);
            upstream.awaitRequest(1);
            try (RawClient second = proxy.connect()) {
                second.send(GET).expectSilence(Duration.ofMillis(100));
            }
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_CLOSED);
            answer.countDown();
            first.readReply();
            assertThat(third.send(GET).readReply().text()).isEqualTo("ok");
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void tunnels_areExchangesToo() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream(), bounds(1, 1, 100));
                RawClient client = proxy.connect()) {
            try (var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
                assertOverloaded(client.send(GET).readReply());
                socket.sendClose(1000, "");
                socket.expectClose(1000);
            }
            try (var again = WebSocketClient.open(proxy.address(), "h", "/")) {
                again.sendText("x").expectText("x");
            }
        }
    }

    @Test
    void pluginCallsTooMany_return503WithRetryAfter() {
        var asked = new CompletableFuture<Void>();
        var decision = new CompletableFuture<AuthDecision>();
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.with(
                        Bounds.limit("pluginCalls", 1),
                        b -> b.authenticator(request -> {
                                    asked.complete(null);
                                    return decision;
                                })
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient first = proxy.connect();
                RawClient second = proxy.connect()) {
            first.send(GET);
            asked.join();
            first.expectSilence(Duration.ofMillis(100)); // it is counted a moment after the plugin was asked
            assertOverloaded(second.send(GET).readReply());
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.OVERLOADED);
            decision.complete(AuthDecision.proceed(Identity.ANONYMOUS));
            assertThat(first.readReply().text()).isEqualTo("ok");
            assertThat(second.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    private static void assertOverloaded(RawReply reply) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        assertThat(reply.header("Connection")).isNull();
    }

    private static UnaryOperator<ProxySettings> bounds(int exchanges, int queued, long patienceMillis) {
        return Bounds.both(
                Bounds.both(Bounds.limit("exchangesPerUpstream", exchanges), Bounds.limit("queuedPerUpstream", queued)),
                Bounds.time("queue", patienceMillis));
    }
}
