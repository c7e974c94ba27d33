package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HostPolicy;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes of a head, and what does not, as the sockets see it. */
class HeadTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n";

    @Test
    void requestHead_passesByteForByteLessTheConnections() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            String id = client.send(
                            GET + "Accept: */*\r\nX-Empty:\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Raw: \u00e9\u00ff\r\n"
                                    + "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nX-Hop: no\r\nTE: gzip\r\n"
                                    + "Connection: keep-alive, X-Hop\r\n\r\n")
                    .readReply()
                    .header("X-Request-Id");
            assertThat(upstream.awaitRequest(1).headerLines())
                    .containsExactly(
                            "Host: h",
                            "Accept: */*",
                            "X-Empty: ",
                            "X-Twice: 1",
                            "x-twice: 2",
                            "X-Raw: \u00e9\u00ff",
                            "X-Forwarded-For: 127.0.0.1",
                            "X-Forwarded-Host: h",
                            "X-Forwarded-Proto: http",
                            "Forwarded: for=127.0.0.1;host=\"h\";proto=http",
                            "X-Request-Id: " + id,
                            "Via: 1.1 sluice");
        }
    }

    @Test
    void responseHead_passesByteForByteLessTheConnections() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 200 OK\r\nServer: x\r\nX-Empty:\r\n"
                        + "X-Twice: 1\r\nx-twice: 2\r\nX-Raw: \u00e9\u00ff\r\nKeep-Alive: timeout=5\r\nX-Hop: no\r\n"
                        + "Connection: keep-alive, X-Hop\r\nContent-Length: 0\r\n\r\n");
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            RawReply reply = client.send(GET + "\r\n").readReply();
            assertThat(reply.headerLines())
                    .containsExactly(
                            "Server: x",
                            "X-Empty: ",
                            "X-Twice: 1",
                            "x-twice: 2",
                            "X-Raw: \u00e9\u00ff",
                            "X-Request-Id: " + reply.header("X-Request-Id"),
                            "Via: 1.1 sluice",
                            "Content-Length: 0");
        }
    }

    @ParameterizedTest
    @CsvSource({"preserve, example.org:81", "target, TARGET", "fixed, fixed.test"})
    void host_isPreservedReplacedOrFixed(String mode, String expected) {
        HostPolicy policy = switch (mode) {
            case "preserve" -> HostPolicy.PRESERVE;
            case "target" -> HostPolicy.TARGET;
            default -> new HostPolicy.Fixed("fixed.test");
        };
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = to(upstream.upstream(), policy);
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: example.org:81\r\n\r\n").readReply();
            String host = expected.equals("TARGET") ? upstream.upstream().authority() : expected;
            assertThat(upstream.awaitRequest(1).headers("Host")).containsExactly(host);
        }
    }

    @Test
    void forwardingHeadersOfAnUntrustedPeer_areReplaced() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(GET + "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nForwarded: for=1.2.3.4\r\n"
                            + "X-Forwarded-Prefix: /x\r\nX_Forwarded_For: 1.2.3.4\r\n\r\n")
                    .readReply();
            var seen = upstream.awaitRequest(1);
            assertThat(seen.headText()).doesNotContain("1.2.3.4").doesNotContain("/x");
            assertThat(seen.headers("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(seen.headers("X-Forwarded-Proto")).containsExactly("http");
        }
    }

    @Test
    void editsToTheClient_areApplied() {
        var edits = HeaderEdits.builder()
                .put("Server", "mine")
                .remove("X-Secret")
                .add("X-New", "1")
                .build();
        try (var upstream = ScriptedUpstream.respondWith(
                        "HTTP/1.1 200 OK\r\nServer: x\r\nX-Secret: y\r\nContent-Length: 0\r\n\r\n");
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream())
                                        .withToClient(edits))));
                RawClient client = proxy.connect()) {
            var reply = client.send(GET + "\r\n").readReply();
            assertThat(reply.headers("Server")).containsExactly("mine");
            assertThat(reply.header("X-Secret")).isNull();
            assertThat(reply.headers("X-New")).containsExactly("1");
        }
    }

    /** Invariant 2: what is passed on is passed on byte for byte. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a%2Fb/%40?x=%26&&=&y",
                "/a//b/../c/./d",
                "/%2e%2e/x",
                "/a@b:c;d=e,f!$'()*+~",
                "/?",
                "/??a=?b",
                "/%e2%82%ac?q=%zz"
            })
    void target_isNeitherDecodedNorNormalised(String target) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(upstream.awaitRequest(1).target()).isEqualTo(target);
        }
    }

    /** Invariant 2: ambiguous input is refused rather than guessed at, and the connection is closed behind it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|GET / HTTP/1.1~Host: a~Host: b~~",
                "400|GET / HTTP/1.1~~",
                "400|GET / HTTP/1.1~Host: a b~~",
                "400|POST / HTTP/1.1~Host: h~Content-Length: 1~Content-Length: 2~~x",
                "400|POST / HTTP/1.1~Host: h~Content-Length: 3~Transfer-Encoding: chunked~~0~~",
                "400|POST / HTTP/1.1~Host: h~Content-Length: -1~~",
                "400|POST / HTTP/1.1~Host: h~Content-Length: x~~",
                "400|POST / HTTP/1.1~Host: h~Transfer-Encoding: gzip~~",
                "400|POST / HTTP/1.0~Host: h~Transfer-Encoding: chunked~~0~~",
                "400|POST / HTTP/1.1~Host: h~Content_Length: 3~~abc",
                "400|GET http://other/ HTTP/1.1~Host: h~~",
                "400|GET nowhere HTTP/1.1~Host: h~~",
                "501|CONNECT h:80 HTTP/1.1~Host: h:80~~",
                "505|GET / HTTP/3.0~Host: h~~",
                "400|GET / HTTP/1.1~Host: h~ folded: x~~",
                "400|GET / HTTP/1.1~Host: h~X Y: z~~"
            })
    void ambiguousRequest_isRefusedAndNotForwarded(int status, String request) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            var reply = client.send(request.replace("~", "\r\n")).readReply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.headers("Connection")).containsExactly("close");
            client.expectClosed();
            assertThat(upstream.connections()).isEmpty();
            assertThat(proxy.refused).hasSize(1).first().asString().startsWith(status + " ");
        }
    }

    @Test
    void unknownMethod_passes() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(upstream.awaitRequest(1).requestLine()).isEqualTo("BREW /pot HTTP/1.1");
        }
    }

    @ParameterizedTest
    @CsvSource({"414, 9000, 1", "431, 1, 40000"})
    void headBeyondTheLimits_isRefused(int status, int target, int field) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET /" + "x".repeat(target) + " HTTP/1.1\r\nHost: h\r\nX: " + "y".repeat(field) + "\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(status);
            assertThat(upstream.connections()).isEmpty();
        }
    }

    @Test
    void targetWithinTheLimits_passes() {
        String target = "/" + "x".repeat(8000);
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(upstream.awaitRequest(1).target()).isEqualTo(target);
        }
    }

    private static TestProxy to(Upstream upstream, HostPolicy policy) {
        var forward = RouteDecision.forward(upstream);
        return TestProxy.with(
                s -> s,
                builder -> builder.authenticator(TestProxy.ANYBODY)
                        .resolver(TestProxy.always(
                                forward.withRewrite(forward.rewrite().withHost(policy)))));
    }
}
