package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Identity;
import dev.sluice.api.RouteDecision;
import dev.sluice.testkit.wire.BodyDigest;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Invariant 1: whoever is slow, the proxy holds no more than its watermarks and a read, and does not read on. What the
 * sender gets rid of all the same fills the buffers of the sockets, which the system bounds.
 */
class BackpressureTest {

    private static final byte[] BLOCK = Pattern.bytes(131_071); // the pattern's period, so that blocks continue it
    private static final int BLOCKS = 400;
    private static final long SIZE = (long) BLOCKS * BLOCK.length;

    /** Two sockets' worth of buffers on the way, each as large as Linux lets it grow by itself, and then some. */
    private static final long BOUND = 24L << 20;

    private static final BodyDigest WHOLE = Pattern.digest(SIZE);
    private static final String PUT = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + SIZE + "\r\n\r\n";

    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch goOn = new CountDownLatch(1);

    private interface Sink {
        void send(byte[] bytes) throws IOException;
    }

    @Test
    void stalledClient_pausesTheUpstream() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
                    sendAll(c::send);
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = RawClient.connectWithReceiveBuffer(proxy.address(), 64 * 1024)) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            var head = client.readReplyHead();
            assertThat(settled()).isLessThan(BOUND);
            assertThat(client.readBodyDigest(head)).isEqualTo(WHOLE);
        }
    }

    @Test
    void stalledUpstream_pausesTheClient() throws Exception {
        try (var upstream = ScriptedUpstream.start(c -> {
                    var request = c.readHead();
                    c.stallUntil(goOn);
                    c.send(Scripts.text(c.readBodyDigest(request).sha256()));
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(PUT);
            Thread sender = inBackground(client::send);
            assertThat(settled()).isLessThan(BOUND);
            goOn.countDown();
            assertThat(client.readReply().text()).isEqualTo(WHOLE.sha256());
            sender.join();
        }
    }

    @Test
    void stalledClient_pausesTheTunnel() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    c.send(frameHeader(false));
                    sendAll(c::send);
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = RawClient.connectWithReceiveBuffer(proxy.address(), 64 * 1024)) {
            client.send(WebSocketHandshake.request("h", "/"));
            client.readUntil("\r\n\r\n");
            assertThat(settled()).isLessThan(BOUND);
            assertThat(client.read(10)).isEqualTo(frameHeader(false));
            for (int i = 0; i < BLOCKS; i++) {
                assertThat(client.read(BLOCK.length)).isEqualTo(BLOCK);
            }
        }
    }

    @Test
    void stalledUpstream_pausesTheTunnel() throws Exception {
        tunnelTo((c, accept) -> c.send(accept).stallUntil(goOn));
    }

    /** Bytes behind a handshake that is not answered yet are the client's affair beyond one read. */
    @Test
    void handshakeUnanswered_pausesTheClient() throws Exception {
        tunnelTo((c, accept) -> c.stallUntil(goOn).send(accept));
    }

    private interface Opening {
        void open(dev.sluice.testkit.wire.UpstreamConnection connection, String accept) throws Exception;
    }

    private void tunnelTo(Opening opening) throws Exception {
        CompletableFuture<Void> received = new CompletableFuture<>();
        try (var upstream = ScriptedUpstream.start(c -> {
                    opening.open(c, WebSocketHandshake.accept(c.readHead()));
                    assertThat(c.read(14)).isEqualTo(frameHeader(true));
                    for (int i = 0; i < BLOCKS; i++) {
                        assertThat(c.read(BLOCK.length)).isEqualTo(BLOCK);
                    }
                    received.complete(null);
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(WebSocketHandshake.request("h", "/"));
            upstream.awaitRequest(1); // so that what follows comes in reads of its own, in which nothing is decoded
            client.send(frameHeader(true));
            Thread sender = inBackground(client::send);
            assertThat(settled()).isLessThan(BOUND);
            goOn.countDown();
            received.get(20, TimeUnit.SECONDS);
            sender.join();
        }
    }

    @Test
    void undecidedAuthentication_pausesTheClient() throws Exception {
        CompletableFuture<AuthDecision> decision = new CompletableFuture<>();
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.with(
                        s -> s,
                        b -> b.authenticator(request -> decision)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            client.send(PUT);
            Thread sender = inBackground(client::send);
            assertThat(settled()).isLessThan(BOUND);
            assertThat(upstream.connections()).isEmpty();
            decision.complete(AuthDecision.proceed(Identity.ANONYMOUS));
            assertThat(client.readReply().text()).isEqualTo(SIZE + " " + WHOLE.sha256());
            sender.join();
        }
    }

    @Test
    void undecidedRoute_pausesTheClient() throws Exception {
        CompletableFuture<RouteDecision> decision = new CompletableFuture<>();
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.with(
                        s -> s, b -> b.authenticator(TestProxy.ANYBODY).resolver(request -> decision));
                RawClient client = proxy.connect()) {
            client.send(PUT);
            Thread sender = inBackground(client::send);
            assertThat(settled()).isLessThan(BOUND);
            decision.complete(RouteDecision.forward(upstream.upstream()));
            assertThat(client.readReply().text()).isEqualTo(SIZE + " " + WHOLE.sha256());
            sender.join();
        }
    }

    private void sendAll(Sink sink) throws IOException {
        for (int i = 0; i < BLOCKS; i++) {
            sink.send(BLOCK);
            sent.addAndGet(BLOCK.length);
        }
    }

    private Thread inBackground(Sink sink) {
        Thread sender = new Thread(() -> {
            try {
                sendAll(sink);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();
        return sender;
    }

    /** How much the sender got rid of, once it gets rid of no more. */
    private long settled() {
        AtomicLong before = new AtomicLong();
        await().pollInterval(Duration.ofMillis(100))
                .during(Duration.ofMillis(400))
                .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
        return sent.get();
    }

    private static byte[] frameHeader(boolean masked) {
        var header = java.nio.ByteBuffer.allocate(masked ? 14 : 10)
                .put((byte) 0x82)
                .put((byte) (masked ? 0xff : 0x7f))
                .putLong(SIZE);
        return header.array();
    }
}
