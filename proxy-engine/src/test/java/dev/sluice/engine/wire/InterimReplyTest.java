package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 1xx responses, and the expectation of one (RFC 9110 §10.1.1, §15.2). */
class InterimReplyTest {

    private static final String EXPECTS =
            "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    @Test
    void expectation_isPassedOnAndSoIsThe100() {
        var delay = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    var request = c.readHead();
                    c.stallUntil(delay).send(CONTINUE);
                    c.readBody(request);
                    c.send(Scripts.text("took it"));
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(EXPECTS);
            assertThat(upstream.awaitRequest(1).headers("Expect")).containsExactly("100-continue");
            client.expectSilence(Duration.ofMillis(50)); // the proxy makes up no 100 of its own
            delay.countDown();
            assertThat(client.readReply().headText()).isEqualTo(CONTINUE);
            assertThat(client.send("hello").readReply().text()).isEqualTo("took it");
            assertThat(upstream.awaitRequest(1).text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {417, 401, 200})
    void finalStatusInsteadOfThe100_isRelayedAndTheClientToldToClose(int status) {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readHead();
                    c.send("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n\r\nno");
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            var reply = client.send(EXPECTS).readReply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.text()).isEqualTo("no");
            // What the client sends next could be the body or a request.
            assertThat(reply.headers("Connection")).containsExactly("close");
            client.expectClosed();
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void clientDoesNotWaitForThe100_bodyPasses() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(EXPECTS + "hello");
            assertThat(client.readReply().text()).isEqualTo("ok");
            assertThat(upstream.awaitRequest(1).text()).isEqualTo("hello");
        }
    }

    @Test
    void expectationWithoutABody_isIgnored() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 1; i <= 2; i++) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.readReply().text()).isEqualTo("ok");
                assertThat(upstream.awaitRequest(i).header("Expect")).isNull();
            }
        }
    }

    @Test
    void expectationWithAnEmptyChunkedBody_passes() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    var request = c.readHead();
                    c.send(CONTINUE);
                    c.readBody(request);
                    c.send(Scripts.text("ok"));
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(100);
            assertThat(client.send("0\r\n\r\n").readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void upstreamOwesThe100_isBlamed() {
        var end = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(Scripts.stallUntil(end));
                var proxy = TestProxy.to(upstream.upstream(), Bounds.bodyIdle(150));
                RawClient client = proxy.connect()) {
            assertThat(client.send(EXPECTS).readReply().status()).isEqualTo(504);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_IDLE);
            end.countDown();
        }
    }

    @Test
    void clientGotThe100AndSendsNothing_isBlamed() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readHead();
                    c.send(CONTINUE).awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.bodyIdle(150));
                RawClient client = proxy.connect()) {
            assertThat(client.send(EXPECTS).readReply().status()).isEqualTo(100);
            assertThat(client.readReply().status()).isEqualTo(408);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_IDLE);
        }
    }

    @Test
    void severalInterimReplies_areRelayedBeforeTheFinalOne() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 102 Processing\r\n\r\n"
                        + "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nConnection: x\r\n\r\n"
                        + "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n" + Scripts.text("final"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.readReply().status()).isEqualTo(102);
                assertThat(client.readReply().headerLines()).containsExactly("Link: </a>; rel=preload");
                assertThat(client.readReply().headerLines()).containsExactly("Link: </b>");
                assertThat(client.readReply().text()).isEqualTo("final");
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void interimReplyIsRelayedAtOnce() {
        var end = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 103 Early Hints\r\n\r\n").stallUntil(end).send(Scripts.text("final"));
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readReply()
                            .status())
                    .isEqualTo(103);
            end.countDown();
            assertThat(client.readReply().text()).isEqualTo("final");
        }
    }

    @Test
    void continueThatNobodyAskedFor_isNotRelayed() {
        try (var upstream = ScriptedUpstream.respondWith(CONTINUE + Scripts.text("final"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readReply()
                            .text())
                    .isEqualTo("final");
            client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
        }
    }

    @Test
    void headAfterContinue_hasNoBody() {
        try (var upstream = ScriptedUpstream.respondWith(CONTINUE + "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.readReplyHead().headers("Content-Length")).containsExactly("9");
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void http10_getsNoInterimReply() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 103 Early Hints\r\n\r\n" + Scripts.text("final"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n")
                            .readReply()
                            .text())
                    .isEqualTo("final");
        }
    }

    @Test
    void interimReply_doesNotStopTheClock() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 102 Processing\r\n\r\n").awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), Bounds.responseHead(200));
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(102);
            assertThat(client.readReply().status()).isEqualTo(504);
        }
    }

    @Test
    void upstreamDiesAfterAnInterimReply_returns502() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(103);
            assertThat(client.readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
        }
    }
}
