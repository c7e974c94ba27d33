package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Responses that begin, or end, before their request does. */
class EarlyReplyTest {

    @Test
    void duplex_responseBeginsBeforeTheRequestEndsAndBothFinish() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    while (true) {
                        c.readHead();
                        c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                        for (int i = 0; i < 3; i++) {
                            c.send("1\r\n" + (char) c.read(1)[0] + "\r\n");
                        }
                        c.send("0\r\n\r\n");
                    }
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int round = 0; round < 2; round++) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n");
                assertThat(client.readReplyHead().status()).isEqualTo(200);
                for (char c : "abc".toCharArray()) {
                    client.send(String.valueOf(c));
                    assertThat(client.readUntil("\r\n" + c + "\r\n")).isEqualTo("1\r\n" + c + "\r\n");
                }
                client.readUntil("0\r\n\r\n");
            }
            assertThat(upstream.connections())
                    .as("both ended, so it is used again")
                    .hasSize(1);
        }
    }

    @Test
    void finalReplyWhileUploading_isDeliveredAndTheConnectionNotPooled() {
        try (var upstream = ScriptedUpstream.startInTurn(
                        c -> {
                            c.readHead();
                            c.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
                                    .awaitEnd();
                        },
                        Scripts.respondWith(Scripts.text("ok")));
                var proxy = TestProxy.to(upstream.upstream())) {
            try (RawClient client = proxy.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
                assertThat(client.readReply().text()).isEqualTo("big");
                client.expectClosed();
                client.sendPattern(100_000); // is taken, and thrown away
            }
            try (RawClient client = proxy.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.readReply().text()).isEqualTo("ok");
            }
            assertThat(upstream.connections()).hasSize(2);
        }
    }

    /** A client that only reads once it has sent everything must still find the response, not a reset. */
    @Test
    void clientThatReadsLate_findsTheReply() {
        int size = 8 << 20;
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readHead();
                    c.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
                            .readToEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
            client.sendPattern(size);
            assertThat(client.readReply().text()).isEqualTo("big");
        }
    }

    /** The upstream answers and closes with the upload unread, so that its kernel resets the connection. */
    @RepeatedTest(10)
    void upstreamAnswersAndResetsWhileUploading_replyIsDelivered() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readHead();
                    c.read(1);
                    c.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + (64 << 20) + "\r\n\r\n");
            var upload = CompletableFuture.runAsync(() -> {
                try {
                    client.sendPattern(64 << 20);
                } catch (UncheckedIOException e) {
                    // the proxy takes it for two seconds only
                }
            });
            var reply = client.readReply();
            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.text()).isEqualTo("big");
            client.close();
            upload.join();
        }
    }

    @Test
    void uploadAndDownloadAtOnce_bothPassByteForByte() {
        long size = 8L << 20;
        try (var upstream = ScriptedUpstream.start(c -> {
                    var request = c.readHead();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    var digest = c.readBodyDigest(request);
                    assertThat(digest).isEqualTo(Pattern.digest(size));
                    c.sendPattern(size);
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n")
                    .sendPattern(size);
            assertThat(client.readBodyDigest(client.readReplyHead())).isEqualTo(Pattern.digest(size));
        }
    }
}
