package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.testkit.wire.BodyDigest;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamScript;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pooled connection that the upstream closes just as it is used (RFC 9112 §9.3.1). */
class StaleConnectionTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    /** Answers one request, and dies over the head of the second, as if it had closed before that arrived. */
    private static final UpstreamScript STALE = c -> {
        c.readRequest();
        c.send(Scripts.text("first"));
        c.readHead();
        c.reset();
    };

    /** The same, but takes the whole second request before it dies. */
    private static final UpstreamScript STALE_AFTER_BODY = c -> {
        c.readRequest();
        c.send(Scripts.text("first"));
        c.readRequest();
        c.reset();
    };

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE"})
    void idempotentRequest_isSentAgainOnAFreshConnection(String method) {
        try (var upstream = ScriptedUpstream.startInTurn(
                        STALE, Scripts.respondWith("HTTP/1.1 200 OK\r\nX-N: 2\r\nContent-Length: 0\r\n\r\n"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            assertThat(proxy.awaitEnded().failure()).isNull();
            client.send(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReplyHead().header("X-N")).isEqualTo("2");
            assertThat(proxy.awaitEnded().failure()).as("nobody's failure").isNull();
            assertThat(upstream.connections()).hasSize(2);
        }
    }

    @Test
    void putWithASmallBody_isSentAgainWhole() {
        try (var upstream = ScriptedUpstream.startInTurn(STALE_AFTER_BODY, Scripts.digest());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n")
                    .sendPattern(60_000);
            assertThat(client.readReply().text()).isEqualTo(text(Pattern.digest(60_000)));
        }
    }

    @Test
    void putThatIsStillBeingSent_goesOnOverTheFreshConnection() {
        try (var upstream = ScriptedUpstream.startInTurn(
                        c -> {
                            c.readRequest();
                            c.send(Scripts.text("first"));
                            c.readHead();
                            c.read(10);
                            c.reset();
                        },
                        Scripts.digest());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
            byte[] body = Pattern.bytes(100_000);
            client.send(Arrays.copyOf(body, 10));
            upstream.awaitRequest(3); // the head has come again
            client.send(Arrays.copyOfRange(body, 10, body.length));
            assertThat(client.readReply().text()).isEqualTo(text(Pattern.digest(100_000)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"
            })
    void putWithAnEmptyBodyOrTrailers_isSentAgainWithItsEnd(String rest) {
        try (var upstream =
                        ScriptedUpstream.startInTurn(STALE_AFTER_BODY, Scripts.respondWith(Scripts.text("second")));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            client.send("PUT / HTTP/1.1\r\nHost: h\r\n" + rest);
            assertThat(client.readReply().text()).isEqualTo("second");
            var first = upstream.awaitRequest(2);
            var second = upstream.awaitRequest(3);
            assertThat(second.headText()).isEqualTo(first.headText());
            assertThat(second.text()).isEqualTo(first.text());
            assertThat(second.trailers()).isEqualTo(first.trailers());
            client.send(GET).readReply();
            assertThat(upstream.connections())
                    .as("the second one is whole and used again")
                    .hasSize(2);
        }
    }

    @Test
    void putBeyondTheReplayLimit_returns502() {
        try (var upstream =
                        ScriptedUpstream.startInTurn(STALE_AFTER_BODY, Scripts.respondWith(Scripts.text("second")));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            proxy.awaitEnded();
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n")
                    .sendPattern(70_000);
            assertThat(client.readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "Content-Length: 0\r\n\r\n", "Content-Length: 2\r\n\r\nhi"})
    void post_isNeverSentTwice(String rest) {
        try (var upstream =
                        ScriptedUpstream.startInTurn(STALE_AFTER_BODY, Scripts.respondWith(Scripts.text("second")));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            proxy.awaitEnded();
            client.send("POST / HTTP/1.1\r\nHost: h\r\n" + rest);
            assertThat(client.readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void freshConnectionThatDies_isNotTriedAgain() {
        try (var upstream = ScriptedUpstream.startInTurn(STALE, Scripts.resetAfterRequest());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            assertThat(upstream.requests()).hasSize(3);
        }
    }

    private static String text(BodyDigest digest) {
        return digest.size() + " " + digest.sha256();
    }
}
