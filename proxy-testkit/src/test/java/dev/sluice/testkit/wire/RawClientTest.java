package dev.sluice.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RawClientTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void readReply_readsInterimAndFinalOneByOne_withChunksAndTrailers() {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        String last = "HTTP/1.1 200 OK\r\nB: 1\r\na: 2\r\nb: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nDigest: z\r\n\r\n";
        try (var upstream = ScriptedUpstream.respondWith(interim + last);
                var client = RawClient.connect(upstream.address())) {
            client.send(GET);

            assertThat(client.readReply().status()).isEqualTo(103);
            RawReply reply = client.readReply();
            assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(reply.headerLines()).containsExactly("B: 1", "a: 2", "b: 3", "Transfer-Encoding: chunked");
            assertThat(reply.headers("b")).containsExactly("1", "3");
            assertThat(reply.text()).isEqualTo("abcd");
            assertThat(reply.trailers()).containsExactly("Digest: z");
            assertThat(reply.endedByClose()).isFalse();
        }
    }

    @Test
    void readReply_withoutFraming_readsToTheEnd() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it");
                var client = RawClient.connect(upstream.address())) {
            RawReply reply = client.send(GET).readReply();

            assertThat(reply.text()).isEqualTo("all of it");
            assertThat(reply.endedByClose()).isTrue();
            client.expectClosed();
        }
    }

    @Test
    void readReply_ofATruncatedBody_failsAndShowsWhatArrived() {
        try (var upstream = ScriptedUpstream.start(
                        Scripts.cutAfter(41, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcdefghi"));
                var client = RawClient.connect(upstream.address())) {
            client.send(GET);
            assertThatThrownBy(client::readReply)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("expected a response, but the connection was closed", "\\r\\n\nabc");
        }
    }

    @Test
    void readTruncatedReply_tellsTruncatedFromWhole() {
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        try (var upstream =
                        ScriptedUpstream.startInTurn(Scripts.cutAfter(40, response), Scripts.respondWith(response));
                var first = RawClient.connect(upstream.address())) {
            assertThat(first.send(GET).readTruncatedReply().text()).isEqualTo("ab");

            try (var second = RawClient.connect(upstream.address())) {
                second.send(GET);
                assertThatThrownBy(second::readTruncatedReply).hasMessageContaining("it was whole");
            }
        }
    }

    @Test
    void reads_giveUpAtTheDeadline_andShowWhatArrived() {
        var release = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> c.send("HTTP/1.1 2").stallUntil(release));
                var client = RawClient.connect(upstream.address()).withTimeout(Duration.ofMillis(200))) {
            assertThatThrownBy(client::readReply)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("nothing more came within 200 ms", "10 bytes", "HTTP/1.1 2");
            client.expectSilence(Duration.ofMillis(50));
            release.countDown();
            client.expectClosed();
        }
    }

    @Test
    void endings_areToldApart() {
        try (var upstream = ScriptedUpstream.startInTurn(
                        UpstreamConnection::readRequest, Scripts.resetAfterRequest(), Scripts.garbage("more"));
                var closed = RawClient.connect(upstream.address()).send(GET)) {
            closed.expectClosed();
            try (var reset = RawClient.connect(upstream.address()).send(GET);
                    var more = RawClient.connect(upstream.address()).send(GET)) {
                assertThatThrownBy(reset::expectClosed).hasMessageContaining("but there was reset");
                assertThatThrownBy(more::expectEnded).hasMessageContainingAll("but there was bytes", "more");
                assertThatThrownBy(() -> more.expectSilence(Duration.ofMillis(20)))
                        .hasMessageContaining("expected silence, but there was bytes");
            }
        }
    }

    @Test
    void reset_reachesTheOtherSide_andHalfCloseDoes() throws Exception {
        var sawReset = new AtomicBoolean();
        try (var upstream = ScriptedUpstream.startInTurn(
                c -> {
                    try {
                        c.readToEnd();
                    } catch (SocketException e) {
                        sawReset.set(true);
                    }
                },
                c -> {
                    c.send(c.readToEnd());
                    c.finishSending();
                })) {
            RawClient.connect(upstream.address()).send("abc").reset();
            upstream.awaitConnection(1);
            upstream.awaitNoOpenConnection();
            assertThat(sawReset).isTrue();

            try (var client = RawClient.connect(upstream.address())) {
                assertThat(client.send("abc").finishSending().readToEnd())
                        .asString()
                        .isEqualTo("abc");
            }
        }
    }

    @Test
    void smallReceiveBuffer_stopsTheSender_untilItIsRead() {
        long size = 32 << 20;
        var sent = new AtomicBoolean();
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.sendPattern(size);
                    sent.set(true);
                });
                var client = RawClient.connectWithReceiveBuffer(upstream.address(), 4096)) {
            await().during(Duration.ofMillis(200)).untilFalse(sent);

            assertThat(BodyDigest.of(client.readToEnd())).isEqualTo(Pattern.digest(size));
        }
    }

    @Test
    void trickle_sendsEveryByteInOrder() {
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var client = RawClient.connect(upstream.address())) {
            assertThat(client.trickle(GET, 5, Duration.ofMillis(1)).readReply().text())
                    .isEqualTo(GET);
        }
    }
}
