package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the end of a body is told, both ways (RFC 9112 §6). */
class FramingTest {

    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nhello world";

    // ---- requests

    @Test
    void getWithoutBody_isForwardedWithoutFraming() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            var seen = upstream.awaitRequest(1);
            assertThat(seen.header("Content-Length")).isNull();
            assertThat(seen.header("Transfer-Encoding")).isNull();
        }
    }

    @Test
    void zeroLengthPost_keepsItsContentLength() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
                    .readReply();
            assertThat(upstream.awaitRequest(1).headers("Content-Length")).containsExactly("0");
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
                    .readReply();
            assertThat(upstream.connections()).as("reusable").hasSize(1);
        }
    }

    @Test
    void postWithoutBody_isForwardedWithoutFraming() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(upstream.awaitRequest(1).header("Content-Length")).isNull();
        }
    }

    @Test
    void requestBody_keepsItsFraming() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
                    .readReply();
            var length = upstream.awaitRequest(1);
            assertThat(length.headers("Content-Length")).containsExactly("5");
            assertThat(length.header("Transfer-Encoding")).isNull();
            assertThat(length.text()).isEqualTo("hello");
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .send("3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
                    .readReply();
            var chunked = upstream.awaitRequest(2);
            assertThat(chunked.headers("Transfer-Encoding")).containsExactly("chunked");
            assertThat(chunked.header("Content-Length")).isNull();
            assertThat(chunked.text()).isEqualTo("hello");
        }
    }

    @Test
    void emptyChunkedBody_passes() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(200);
            assertThat(upstream.received()).endsWith("\r\n\r\n0\r\n\r\n");
        }
    }

    // ---- responses

    @Test
    void contentLength_passesAndTheConnectionsLast() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("hello"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                assertThat(reply.headers("Content-Length")).containsExactly("5");
                assertThat(reply.header("Transfer-Encoding")).isNull();
                assertThat(reply.header("Connection")).isNull();
                assertThat(reply.text()).isEqualTo("hello");
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void chunked_passesChunked() {
        try (var upstream = ScriptedUpstream.respondWith(CHUNKED);
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                assertThat(reply.headers("Transfer-Encoding")).containsExactly("chunked");
                assertThat(reply.text()).isEqualTo("hello world");
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void untilClose_isChunkedAndTheClientsConnectionLasts() {
        try (var upstream = ScriptedUpstream.start(Scripts.cutAfter(UNTIL_CLOSE.length(), UNTIL_CLOSE));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 1; i <= 2; i++) {
                var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                assertThat(reply.headers("Transfer-Encoding")).containsExactly("chunked");
                assertThat(reply.text()).isEqualTo("hello world");
                assertThat(upstream.connections()).hasSize(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHUNKED, UNTIL_CLOSE})
    void unknownLengthToHttp10_isDelimitedByClose(String response) {
        try (var upstream = ScriptedUpstream.start(Scripts.cutAfter(response.length(), response));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
            var reply = client.readReply();
            assertThat(reply.endedByClose()).isTrue();
            assertThat(reply.header("Transfer-Encoding")).isNull();
            assertThat(reply.headers("Connection")).containsExactly("close");
            assertThat(reply.text()).isEqualTo("hello world");
        }
    }

    @ParameterizedTest
    @CsvSource({"204, ''", "304, ''", "304, 'Content-Length: 5\r\n'", "205, 'Content-Length: 0\r\n'"})
    void statusWithoutBody_hasNoneAndTheConnectionsLast(int status, String field) {
        String answer = "HTTP/1.1 " + status + " X\r\n" + field + "\r\n";
        try (var upstream = ScriptedUpstream.respondWith(answer);
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                var reply = client.readReplyHead();
                assertThat(reply.status()).isEqualTo(status);
                assertThat(reply.header("Transfer-Encoding")).isNull();
                if (field.isEmpty()) {
                    assertThat(reply.header("Content-Length"))
                            .as("none is invented")
                            .isNull();
                }
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    /** 205 is framed like any other response (RFC 9112 §6.3), though it should not have a body (RFC 9110 §15.3.6). */
    @Test
    void resetContentWithABody_isWholeOrRefusedButNeverOutOfStep() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 205 X\r\nContent-Length: 5\r\n\r\nhello");
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                assertThat(reply.status()).isEqualTo(205);
                assertThat(reply.text()).isEqualTo("hello");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000\r\n", "Transfer-Encoding: chunked\r\n", ""})
    void head_hasNoBodyAndTheConnectionsLast(String field) {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 200 OK\r\n" + field + "\r\n");
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
                var reply = client.readReplyHead();
                assertThat(reply.status()).isEqualTo(200);
                if (field.startsWith("Content-Length")) {
                    assertThat(reply.headers("Content-Length")).containsExactly("1000");
                }
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void nonStandardStatusAndReason_pass() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 799 Qu'est-ce \r\nContent-Length: 0\r\n\r\n");
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readReply()
                            .statusLine())
                    .startsWith("HTTP/1.1 799 Qu'est-ce");
        }
    }

    @Test
    void compressedBody_passesUntouched() {
        String gzip =
                "\u001f\u008b\b\0\0\0\0\0\0\u0003\u00cbH\u00cd\u00c9\u00c9\u0007\0\u0086\u00a6\u00106\u0005\0\0\0";
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                        + gzip.length() + "\r\n\r\n" + gzip);
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n")
                    .readReply();
            assertThat(reply.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(reply.text()).isEqualTo(gzip);
        }
    }

    // ---- when it is sent on

    /** Server-sent events, and anything else that trickles: each read is passed on at once, the head before any of it. */
    @Test
    void everyRead_isPassedOnAtOnce() {
        var more = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
                            .stallUntil(more);
                    c.send("data: 1\n\n").stallUntil(end);
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReplyHead().status()).isEqualTo(200);
            more.countDown();
            assertThat(client.readUntil("data: 1\n\n")).endsWith("data: 1\n\n");
            end.countDown();
            client.readUntil("0\r\n\r\n");
        }
    }

    @Test
    void requestBodyThatTrickles_isPassedOnAtOnce() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readHead();
                    c.read(1);
                    c.send("HTTP/1.1 102 Processing\r\n\r\n"); // tells the client that the first byte has arrived
                    c.read(1);
                    c.send(Scripts.text("both"));
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n")
                    .send("a");
            assertThat(client.readReply().status()).isEqualTo(102);
            assertThat(client.send("b").readReply().text()).isEqualTo("both");
        }
    }

    // ---- sizes

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 65_536, 1 << 20, 15 << 20})
    void bodiesOfAllSizes_passByteForByteInBothFramings(int size) throws InterruptedException {
        try (var upstream = ScriptedUpstream.start(c -> {
                    while (true) {
                        var request = c.readHead();
                        var digest = c.readBodyDigest(request);
                        c.send("HTTP/1.1 200 OK\r\nX-Sha: " + digest.sha256() + "\r\nContent-Length: " + size
                                + "\r\n\r\n");
                        c.sendPattern(size);
                    }
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            var expected = Pattern.digest(size);
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n")
                    .sendPattern(size);
            var head = client.readReplyHead();
            assertThat(head.header("X-Sha")).isEqualTo(expected.sha256());
            assertThat(client.readBodyDigest(head)).isEqualTo(expected);
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .send(Integer.toHexString(size) + "\r\n")
                    .sendPattern(size)
                    .send("\r\n0\r\n\r\n");
            head = client.readReplyHead();
            assertThat(head.header("X-Sha")).isEqualTo(expected.sha256());
            assertThat(client.readBodyDigest(head)).isEqualTo(expected);
        }
    }
}
