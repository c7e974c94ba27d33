package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that are not there, die, lie or dawdle: what the client gets, and who is blamed. */
class UpstreamFailureTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private final Outcomes outcomes = new Outcomes();

    // ---- before the head: an error, and the client's connection stays usable

    @Test
    void refusesConnection_returns502AndTheConnectionStaysUsable() {
        try (var refused = Ports.refused();
                var proxy = to(Upstream.of(refused.url()));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.send(GET).readReply().status()).isEqualTo(502);
                assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CONNECT_FAILED);
            }
            assertThat(outcomes.heard()).containsExactly("outcome 0 CONNECT_FAILED", "outcome 0 CONNECT_FAILED");
        }
    }

    @Test
    void nameIsUnknown_returns502() {
        try (var proxy = to(Upstream.of("http://no-such-host.invalid:80"));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CONNECT_FAILED);
        }
    }

    @Test
    void doesNotAcceptInTime_returns504() throws IOException {
        try (var full = new FullBacklog();
                var proxy = TestProxy.with(
                        Bounds.connect(200),
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(
                                        RouteDecision.forward(full.upstream()).withListener(outcomes))));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.send(GET).readReply().status()).isEqualTo(504);
                assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CONNECT_TIMEOUT);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"})
    void closesBeforeTheEndOfTheHead_returns502(String begun) {
        try (var upstream = ScriptedUpstream.start(Scripts.cutAfter(begun.length(), begun));
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.send(GET).readReply().status()).isEqualTo(502);
                assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
            }
        }
    }

    @Test
    void resetsBeforeTheHead_returns502() {
        try (var upstream = ScriptedUpstream.start(Scripts.resetAfterRequest());
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
            })
    void headIsNotOne_returns502(String garbage) {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send(garbage).awaitEnd();
                });
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_PROTOCOL);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void doesNotAnswerInTime_returns504AndItsConnectionIsClosed() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.responseHead(150));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.send(GET).readReply().status()).isEqualTo(504);
                assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.RESPONSE_TIMEOUT);
            }
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void redirect_isPassedAndNotFollowed() {
        try (var upstream = ScriptedUpstream.respondWith(
                        "HTTP/1.1 302 Found\r\nLocation: http://h/else?where\r\nContent-Length: 0\r\n\r\n");
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().headers("Location")).containsExactly("http://h/else?where");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    // ---- after the head (invariant 4): the client sees that the message is cut short

    /** Invariant 4: a truncated message is never ended politely. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n5\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n"
            })
    void closesInTheMiddleOfABody_clientSeesItCutShort(String response) {
        try (var upstream = ScriptedUpstream.start(Scripts.cutAfter(response.length(), response));
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            var reply = client.send(GET).readTruncatedReply();
            assertThat(reply.text()).isEqualTo("half");
            var ended = proxy.awaitEnded();
            assertThat(ended.failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
            assertThat(ended.committed()).isTrue();
            assertThat(outcomes.heard()).containsExactly("response 200", "outcome 200 UPSTREAM_CLOSED");
        }
    }

    /** Invariant 4, for a body of which only the end of the connection tells the end: a reset is not that end. */
    @Test
    void resetsInABodyUntilClose_clientSeesItCutShort() {
        var arrived = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\n\r\nhalf").stallUntil(arrived).reset();
                });
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReplyHead();
            assertThat(client.readUntil("half")).isEqualTo("4\r\nhalf");
            arrived.countDown();
            client.readUntil("\r\n");
            client.expectEnded();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
        }
    }

    /** Invariant 4, where the client too has nothing but the end of the connection to go by. */
    @Test
    void truncatedBodyToHttp10_endsWithAReset() {
        var arrived = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
                            .stallUntil(arrived);
                });
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n").readReplyHead();
            assertThat(client.read(4)).asString().isEqualTo("half");
            arrived.countDown();
            client.expectReset();
        }
    }

    @Test
    void malformedChunk_clientSeesItCutShort() {
        var arrived = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
                            .stallUntil(arrived);
                    c.send("zz\r\n").awaitEnd();
                });
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readUntil("half\r\n");
            arrived.countDown();
            client.expectEnded();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_PROTOCOL);
        }
    }

    /** Nothing has been flushed yet when the chunk turns out to be none. */
    @Test
    void malformedChunkRightBehindTheHead_clientSeesTheHeadAndThatItIsCutShort() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n")
                            .awaitEnd();
                });
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readTruncatedReply().text()).isEqualTo("half");
            var ended = proxy.awaitEnded();
            assertThat(ended.failure()).isEqualTo(Kind.UPSTREAM_PROTOCOL);
            assertThat(ended.status()).isEqualTo(200);
        }
    }

    @Test
    void bodyStops_clientSeesItCutShort() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.bodyIdle(150));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readTruncatedReply().text()).isEqualTo("half");
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_IDLE);
        }
    }

    @Test
    void bodyThatKeepsMoving_isNotIdle() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                    c.trickle("0123456789", 1, Duration.ofMillis(100));
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.bodyIdle(500));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("0123456789");
        }
    }

    // ---- uploads

    @Test
    void uploadStops_returns408() {
        try (var upstream = ScriptedUpstream.start(c -> c.readRequest());
                var proxy = TestProxy.to(upstream.upstream(), Bounds.bodyIdle(150));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(client.readReply().status()).isEqualTo(408);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_IDLE);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void upstreamStopsReadingTheUpload_returns504() {
        var end = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(Scripts.stallUntil(end));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.bodyIdle(300));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + (64 << 20) + "\r\n\r\n");
            Thread sender = new Thread(() -> {
                try {
                    client.sendPattern(64 << 20);
                } catch (RuntimeException ended) {
                    // cut off, as it should be
                }
            });
            sender.setDaemon(true);
            sender.start();
            assertThat(client.readReply().status()).isEqualTo(504);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_IDLE);
            end.countDown();
        }
    }

    @Test
    void malformedRequestChunk_returns400AndTheUpstreamSeesNoEnd() {
        try (var upstream = ScriptedUpstream.start(c -> c.readRequest());
                var proxy = to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n");
            assertThat(client.readReply().status()).isEqualTo(400);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_PROTOCOL);
            upstream.awaitNoOpenConnection();
            assertThat(upstream.received()).doesNotContain("0\r\n\r\n");
        }
    }

    private TestProxy to(Upstream upstream) {
        return TestProxy.with(
                s -> s,
                builder -> builder.authenticator(TestProxy.ANYBODY)
                        .resolver(
                                TestProxy.always(RouteDecision.forward(upstream).withListener(outcomes))));
    }
}
