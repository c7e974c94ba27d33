package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import org.junit.jupiter.api.Test;

/** Trailers (RFC 9110 §6.5), announced or not. */
class TrailersTest {

    private static final String WITH_TRAILERS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nhi\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=b\r\nContent-Length: 7\r\n\r\n";

    @Test
    void requestTrailers_passWithoutThoseThatMustNot() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .send("2\r\nhi\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\nAuthorization: no\r\n\r\n")
                    .readReply();
            assertThat(upstream.awaitRequest(1).trailers()).containsExactly("X-Sum: 1");
        }
    }

    @Test
    void responseTrailers_passToAClientThatReadsThem() {
        try (var upstream = ScriptedUpstream.respondWith(WITH_TRAILERS);
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
            assertThat(client.readReply().trailers()).containsExactly("X-Sum: 1");
            assertThat(upstream.awaitRequest(1).headers("TE")).containsExactly("trailers");
        }
    }

    @Test
    void responseTrailers_doNotPassToAClientThatDidNotAsk() {
        try (var upstream = ScriptedUpstream.respondWith(WITH_TRAILERS);
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(reply.text()).isEqualTo("hi");
            assertThat(reply.trailers()).isEmpty();
        }
    }
}
