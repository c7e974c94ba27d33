package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.ForwardListener;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Revocation;
import dev.sluice.api.RouteDecision;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamConnection;
import dev.sluice.testkit.wire.UpstreamScript;
import dev.sluice.testkit.wire.WebSocketClient;
import dev.sluice.testkit.wire.WebSocketFrame;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Tunnels that the proxy itself keeps awake or ends: always between two frames, never in one. */
class TunnelCloseTest {

    private static final Duration LONG = Duration.ofHours(1);

    /** A session that a test can end. */
    private static final class Session implements Revocation {
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private boolean ended;

        @Override
        public synchronized Subscription onRevoked(Runnable listener) {
            listeners.add(listener);
            if (ended) {
                listener.run();
            }
            return () -> listeners.remove(listener);
        }

        synchronized void end() {
            ended = true;
            listeners.forEach(Runnable::run);
        }
    }

    @Test
    void silentTunnel_isClosedBothWays() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        try (var upstream = ScriptedUpstream.start(closing(code));
                var proxy = TestProxy.to(upstream.upstream(), times(Duration.ofMillis(300), LONG, LONG));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            closesInOrder(socket, 1001);
            assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
            var ended = proxy.awaitEnded();
            assertThat(ended.failure()).isEqualTo(Kind.CLIENT_IDLE);
            assertThat(ended.committed()).isTrue();
            noConnectionIsLeft(proxy);
        }
    }

    @Test
    void silence_bringsPingsToTheClientAlone() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream(), times(LONG, Duration.ofMillis(100), LONG));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            for (int i = 0; i < 3; i++) {
                WebSocketFrame ping = socket.read();
                assertThat(ping.opcode()).isEqualTo(WebSocketFrame.PING);
                socket.send(new WebSocketFrame(true, WebSocketFrame.PONG, ping.payload()));
            }
            long before = upstream.bytesReceived();
            assertThat(socket.read().opcode()).isEqualTo(WebSocketFrame.PING); // the last pong has been taken by now
            socket.sendText("x");
            WebSocketFrame next = socket.read();
            while (next.opcode() == WebSocketFrame.PING) {
                next = socket.read();
            }
            assertThat(next.text()).isEqualTo("x");
            assertThat(upstream.bytesReceived() - before)
                    .as("the pongs answered the proxy")
                    .isEqualTo(7);
        }
    }

    /** Else no tunnel to a browser would ever be idle. */
    @Test
    void pongsToTheProxysPings_areNoActivity() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy =
                        TestProxy.to(upstream.upstream(), times(Duration.ofMillis(500), Duration.ofMillis(100), LONG));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            int pings = 0;
            WebSocketFrame frame = socket.read();
            while (frame.opcode() == WebSocketFrame.PING) {
                pings++;
                socket.send(new WebSocketFrame(true, WebSocketFrame.PONG, frame.payload()));
                frame = socket.read();
            }
            assertThat(frame.closeCode()).isEqualTo(1001);
            assertThat(pings).isBetween(2, 5);
        }
    }

    @Test
    void frameThatStalls_isNotBrokenByAPing() {
        CountDownLatch goOn = new CountDownLatch(1);
        byte[] frame = new WebSocketFrame(true, WebSocketFrame.BINARY, Pattern.bytes(1000)).encoded(false);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    c.send(java.util.Arrays.copyOf(frame, 500)).stallUntil(goOn);
                    c.send(java.util.Arrays.copyOfRange(frame, 500, frame.length))
                            .awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), times(LONG, Duration.ofMillis(80), LONG));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            byte[] begun = socket.raw().read(500);
            socket.raw().expectSilence(Duration.ofMillis(400));
            goOn.countDown();
            assertThat(begun).isEqualTo(java.util.Arrays.copyOf(frame, 500));
            assertThat(socket.raw().read(504)).isEqualTo(java.util.Arrays.copyOfRange(frame, 500, frame.length));
            assertThat(socket.read().opcode()).isEqualTo(WebSocketFrame.PING);
        }
    }

    /** Invariant 8. */
    @Test
    void drain_closesBothWaysAndIsOverOnceBothHaveAnswered() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        UpstreamScript afterOneEcho = c -> {
            c.send(WebSocketHandshake.accept(c.readHead()));
            c.read(7);
            c.send(WebSocketFrame.text("x").encoded(false));
            int got = awaitClose(c);
            c.send(WebSocketFrame.close(got, "").encoded(false));
            code.complete(got);
            c.awaitEnd();
        };
        try (var upstream = ScriptedUpstream.start(afterOneEcho);
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.sendText("x").expectText("x");
            var drained = proxy.server().drain().toCompletableFuture();
            closesInOrder(socket, 1001);
            assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
            drained.get(2, TimeUnit.SECONDS);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.SHUTDOWN);
        }
    }

    @Test
    void identityThatExpires_closesBothWays() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Identity brief = Identity.of("u").withValidUntil(Instant.now().plusMillis(500));
        try (var upstream = ScriptedUpstream.start(closing(code));
                var proxy = as(brief, upstream, times(LONG, LONG, LONG));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            closesInOrder(socket, 1008);
            assertThat(Instant.now()).isAfterOrEqualTo(brief.validUntil());
            assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(1008);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.IDENTITY_ENDED);
            noConnectionIsLeft(proxy);
        }
    }

    @Test
    void identityThatIsRevoked_closesBothWaysAndForgetsTheListener() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Session session = new Session();
        try (var upstream = ScriptedUpstream.start(closing(code));
                var proxy = as(Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, LONG));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            await().until(() -> session.listeners.size() == 1);
            session.end();
            closesInOrder(socket, 1008);
            assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(1008);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.IDENTITY_ENDED);
            assertThat(session.listeners).isEmpty();
        }
    }

    @Test
    void busyTunnel_isClosedBehindTheFrameUnderWay() {
        Session session = new Session();
        byte[] frame = new WebSocketFrame(true, WebSocketFrame.BINARY, Pattern.bytes(100_003)).encoded(false);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    while (true) {
                        c.send(frame);
                    }
                });
                var proxy = as(
                        Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, Duration.ofSeconds(2)));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            WebSocketFrame next = socket.read();
            session.end();
            int left = 0;
            while (next.opcode() == WebSocketFrame.BINARY) {
                assertThat(next.encoded(false)).isEqualTo(frame);
                next = socket.read();
                left++;
            }
            assertThat(next.closeCode()).isEqualTo(1008);
            assertThat(left).as("frames that were already on their way").isLessThan(200);
        }
    }

    @Test
    void busyClient_isCutOffBehindTheFrameUnderWay() throws Exception {
        Session session = new Session();
        byte[] frame = new WebSocketFrame(true, WebSocketFrame.BINARY, Pattern.bytes(100_003)).encoded(true);
        CompletableFuture<Integer> code = new CompletableFuture<>();
        CountDownLatch busy = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    byte[] next = c.read(8);
                    while (next[0] != (byte) 0x88) {
                        c.read(frame.length - 8);
                        busy.countDown();
                        next = c.read(8);
                    }
                    code.complete(closeCode(next));
                });
                var proxy = as(
                        Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, Duration.ofSeconds(2)));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            Thread sender = new Thread(() -> {
                try {
                    while (true) {
                        socket.raw().send(frame);
                    }
                } catch (UncheckedIOException cut) {
                    // as it should be
                }
            });
            sender.start();
            assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
            session.end();
            assertThat(code.get(1, TimeUnit.SECONDS)).isEqualTo(1008);
            sender.join(10_000);
            assertThat(sender.isAlive()).isFalse();
        }
    }

    @Test
    void frameThatStalls_endsInAReset() {
        Session session = new Session();
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    c.send(new byte[] {(byte) 0x82, 100, 1, 2, 3});
                    c.read(8);
                    c.awaitEnd();
                });
                var proxy = as(
                        Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, Duration.ofMillis(300)));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.raw().read(5);
            session.end();
            socket.raw().expectReset();
            noConnectionIsLeft(proxy);
        }
    }

    @Test
    void peersThatNeverAnswerTheClose_areCutOff() {
        Session session = new Session();
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    c.read(8);
                    c.awaitEnd();
                });
                var proxy = as(
                        Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, Duration.ofMillis(300)));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            session.end();
            socket.expectClose(1008);
            socket.raw().expectSilence(Duration.ofMillis(100));
            socket.raw().expectClosed();
            noConnectionIsLeft(proxy);
            upstream.awaitNoOpenConnection();
        }
    }

    /** RFC 6455 §5.5.1. */
    @Test
    void whatFollowsTheClose_isNotPassedOn() throws Exception {
        Session session = new Session();
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    received.complete(c.readToEnd());
                });
                var proxy = as(
                        Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, Duration.ofMillis(300)));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            session.end();
            socket.expectClose(1008);
            socket.sendText("too late").sendClose(1008, "");
            byte[] seen = received.get(10, TimeUnit.SECONDS);
            assertThat(seen).hasSize(8);
            assertThat(closeCode(seen)).isEqualTo(1008);
        }
    }

    /** The tunnel is closing already: its own codes survive a drain. */
    @Test
    void closeUnderWay_getsNoSecondClose() throws Exception {
        CountDownLatch drained = new CountDownLatch(1);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        byte[] close = WebSocketFrame.close(4000, "mine").encoded(true);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    byte[] first = c.read(close.length);
                    c.stallUntil(drained);
                    c.send(WebSocketFrame.close(4000, "").encoded(false));
                    received.complete(concat(first, c.readToEnd()));
                });
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.raw().send(close);
            await().until(() -> upstream.bytesReceived() > 200);
            proxy.server().drain();
            socket.expectClose(1001);
            drained.countDown();
            socket.raw().expectClosed();
            assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(close);
        }
    }

    @Test
    void streamingResponse_isAbortedWhenTheIdentityEnds() {
        Session session = new Session();
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                    c.awaitEnd();
                });
                var proxy = as(Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, LONG));
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await().until(() -> session.listeners.size() == 1);
            session.end();
            assertThat(client.readTruncatedReply().text()).isEqualTo("half");
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.IDENTITY_ENDED);
            assertThat(session.listeners).isEmpty();
        }
    }

    @Test
    void upload_isRefusedWhenTheIdentityEnds() {
        Session session = new Session();
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = as(Identity.of("u").withRevocation(session), upstream, times(LONG, LONG, LONG));
                RawClient client = proxy.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n")
                    .sendPattern(1000);
            await().until(() -> session.listeners.size() == 1);
            session.end();
            assertThat(client.readReply().status()).isEqualTo(401);
            client.expectClosed();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.IDENTITY_ENDED);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void activity_isToldAboutOnceASecond() {
        AtomicInteger told = new AtomicInteger();
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.with(
                        s -> s,
                        b -> b.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream())
                                        .withListener(new ForwardListener() {
                                            @Override
                                            public void onTunnelActivity() {
                                                told.incrementAndGet();
                                            }
                                        }))));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            assertThat(told).hasValue(0);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1300);
            int echoes = 0;
            while (System.nanoTime() < end) {
                socket.sendText("x").expectText("x");
                echoes++;
            }
            assertThat(echoes).isGreaterThan(10);
            assertThat(told).hasValue(2);
        }
    }

    private static UnaryOperator<ProxySettings> times(Duration idle, Duration ping, Duration drain) {
        return Bounds.times(Map.of("tunnelIdle", idle, "tunnelPing", ping, "drain", drain));
    }

    private static TestProxy as(Identity identity, ScriptedUpstream upstream, UnaryOperator<ProxySettings> settings) {
        return TestProxy.with(
                settings,
                b -> b.authenticator(request -> CompletableFuture.completedFuture(AuthDecision.proceed(identity)))
                        .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
    }

    /** An upstream that answers the Close that it gets, and tells its code. */
    private static UpstreamScript closing(CompletableFuture<Integer> code) {
        return c -> {
            c.send(WebSocketHandshake.accept(c.readHead()));
            int got = awaitClose(c);
            c.send(WebSocketFrame.close(got, "").encoded(false));
            code.complete(got);
            c.awaitEnd();
        };
    }

    private static int awaitClose(UpstreamConnection connection) throws IOException {
        return closeCode(connection.withTimeout(Duration.ofSeconds(10)).read(8));
    }

    /** The code of a masked Close frame without a reason. */
    private static int closeCode(byte[] frame) {
        assertThat(frame[0]).isEqualTo((byte) 0x88);
        assertThat(frame[1]).as("masked, two bytes").isEqualTo((byte) 0x82);
        return (frame[6] ^ frame[2]) << 8 & 0xff00 | (frame[7] ^ frame[3]) & 0xff;
    }

    private static void closesInOrder(WebSocketClient socket, int code) {
        socket.expectClose(code);
        socket.sendClose(code, "");
        socket.raw().expectClosed();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static void noConnectionIsLeft(TestProxy proxy) {
        await().until(() -> proxy.server().openConnections() == 0);
    }
}
