package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Invariant 8: a proxy that stops refuses new work, finishes what is short, and cuts off what is not. */
class DrainTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void idleProxy_isDrainedAtOnceAndListensNoMore() throws Exception {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient fresh = proxy.connect();
                RawClient used = proxy.connect()) {
            used.send(GET);
            used.readReply();
            await().until(() -> proxy.server().openConnections() == 2);
            CompletableFuture<Void> drained = drain(proxy);
            fresh.expectClosed();
            used.expectClosed();
            drained.get(2, TimeUnit.SECONDS);
            assertThat(proxy.server().openConnections()).isZero();
            // The JDK lets go of a listening socket when its selector looks next.
            await().untilAsserted(() -> assertThatThrownBy(() -> proxy.connect().close())
                    .hasRootCauseInstanceOf(java.net.ConnectException.class));
        }
    }

    @Test
    void requestUnderWay_isAnsweredAndTheConnectionCloses() throws Exception {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.stallUntil(goOn);
                    c.send(Scripts.text("done")).awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET + GET);
            upstream.awaitRequest(1);
            CompletableFuture<Void> drained = drain(proxy);
            client.expectSilence(Duration.ofMillis(200));
            assertThat(drained).isNotDone();
            goOn.countDown();
            var reply = client.readReply();
            assertThat(reply.text()).isEqualTo("done");
            assertThat(reply.header("Connection")).isEqualTo("close");
            client.expectClosed();
            client.close();
            drained.get(2, TimeUnit.SECONDS);
            assertThat(proxy.awaitEnded().failure()).isNull();
            assertThat(upstream.requests()).as("the second request is new work").hasSize(1);
        }
    }

    @Test
    void responseUnderWay_isFinished() throws Exception {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\non\r\n");
                    c.stallUntil(goOn);
                    c.send("2\r\nce\r\n0\r\n\r\n").awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET);
            var head = client.readReplyHead();
            CompletableFuture<Void> drained = drain(proxy);
            goOn.countDown();
            assertThat(client.readBodyDigest(head).size()).isEqualTo(4);
            client.expectClosed();
            client.close();
            drained.get(2, TimeUnit.SECONDS);
        }
    }

    /** The exchange is over for the proxy, but not for the client: the drain waits for the last byte to go out. */
    @Test
    void responseThatWaitsForASlowClient_isNotCutShort() throws Exception {
        byte[] body = Pattern.bytes(8 << 20);
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 200 OK\r\nContent-Length: " + body.length
                        + "\r\n\r\n" + new String(body, java.nio.charset.StandardCharsets.ISO_8859_1));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = RawClient.connectWithReceiveBuffer(proxy.address(), 4096)) {
            client.send(GET).readReplyHead();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            while (!proxy.endsWithin(Duration.ofMillis(10))) {
                read.writeBytes(client.read(64 * 1024)); // until the proxy has the whole rest in its hands
            }
            assertThat(proxy.awaitEnded().failure()).isNull();
            CompletableFuture<Void> drained = drain(proxy);
            read.writeBytes(client.read(body.length - read.size()));
            assertThat(read.toByteArray()).isEqualTo(body);
            client.expectClosed();
            drained.get(2, TimeUnit.SECONDS);
        }
    }

    @Test
    void stubbornExchanges_areCutOffAtTheDeadline() throws Exception {
        try (var upstream = ScriptedUpstream.startInTurn(Scripts.stallUntil(goOn), c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), deadline(Duration.ofMillis(400)));
                RawClient unanswered = proxy.connect();
                RawClient half = proxy.connect()) {
            unanswered.send(GET);
            upstream.awaitRequest(1);
            half.send(GET);
            var head = half.readReplyHead();
            long start = System.nanoTime();
            CompletableFuture<Void> drained = drain(proxy);
            assertThat(unanswered.readReply().status()).isEqualTo(503);
            assertThatThrownBy(() -> half.readBodyDigest(head)).isInstanceOf(AssertionError.class);
            drained.get(2, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(390), Duration.ofMillis(2000));
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.SHUTDOWN);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.SHUTDOWN);
            goOn.countDown();
        }
    }

    private static CompletableFuture<Void> drain(TestProxy proxy) {
        return proxy.server().drain().toCompletableFuture();
    }

    private static UnaryOperator<ProxySettings> deadline(Duration drain) {
        return Bounds.times(Map.of("drain", drain));
    }
}
