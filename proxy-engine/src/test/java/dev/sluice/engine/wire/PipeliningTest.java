package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Requests that do not wait for the response before them (RFC 9112 §9.3.2). */
class PipeliningTest {

    @Test
    void pipelinedRequests_areServedInOrderOneAtATime() {
        var first = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    while (true) {
                        var request = c.readRequest();
                        if (request.target().equals("/1")) {
                            c.stallUntil(first);
                        }
                        c.send(Scripts.text(request.target() + request.text()));
                    }
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"
                    + "PUT /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ncd\r\n0\r\n\r\n"
                    + "GET /4 HTTP/1.1\r\nHost: h\r\n\r\n");
            upstream.awaitRequest(1);
            client.expectSilence(Duration.ofMillis(50));
            assertThat(upstream.requests()).as("the second waits for the first").hasSize(1);
            first.countDown();
            for (String text : new String[] {"/1", "/2ab", "/3cd", "/4"}) {
                assertThat(client.readReply().text()).isEqualTo(text);
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void moreThanTheLimitWaiting_endsTheConnection() {
        var end = new CountDownLatch(1);
        String get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        try (var upstream = ScriptedUpstream.start(Scripts.stallUntil(end));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.pipelined(3));
                RawClient within = proxy.connect();
                RawClient beyond = proxy.connect()) {
            within.send(get.repeat(4)); // one is served, three wait
            upstream.awaitRequest(1);
            within.expectSilence(Duration.ofMillis(50));
            beyond.send(get.repeat(5));
            beyond.expectEnded();
            end.countDown();
        }
    }

    @Test
    void requestBehindConnectionClose_isNotServed() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReply().text()).isEqualTo("ok");
            client.expectClosed();
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void requestBehindARefusedOne_isNotServed() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(400);
            client.expectClosed();
            assertThat(upstream.requests()).isEmpty();
        }
    }
}
