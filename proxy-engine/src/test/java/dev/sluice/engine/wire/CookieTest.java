package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Upstream;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Own cookies and application cookies on one wire. */
class CookieTest {

    /** Sets a session cookie with whatever response there is. */
    private static final Authenticator SESSION = new Authenticator() {
        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            var cookie = SetCookie.of("session", "s3cret").build();
            return CompletableFuture.completedFuture(
                    new AuthDecision.Proceed(Identity.of("ada"), HeaderEdits.NONE, List.of(cookie)));
        }

        @Override
        public Set<String> ownCookies() {
            return Set.of("session");
        }
    };

    @Test
    void setCookies_stayApartAndOwnOnesAreAdded() {
        try (var upstream = ScriptedUpstream.respondWith("HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Expires=Wed, 21 Oct 2099"
                        + " 07:28:00 GMT\r\nSet-Cookie: b=2; Path=/\r\nSet-Cookie: session=stolen\r\n"
                        + "Content-Length: 0\r\n\r\n");
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(SESSION)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) { // on every response, the second over the same connection too
                var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                assertThat(reply.headers("Set-Cookie"))
                        .containsExactly(
                                "a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT",
                                "b=2; Path=/",
                                SetCookie.of("session", "s3cret").build().toHeaderValue());
            }
        }
    }

    @Test
    void ownCookies_doNotReachTheUpstream() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(SESSION)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1; session=s3cret\r\nCookie: b=2\r\n\r\n")
                    .readReply();
            assertThat(upstream.awaitRequest(1).headers("Cookie")).containsExactly("a=1; b=2");
            assertThat(upstream.received()).doesNotContain("s3cret");
        }
    }

    @Test
    void ownCookies_goWithLocalAnswersAndErrors() {
        try (var refused = Ports.refused();
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(SESSION)
                                .resolver(request -> CompletableFuture.completedFuture(
                                        request.path().equals("/local")
                                                ? RouteDecision.respond(LocalResponse.text(200, "hi"))
                                                : RouteDecision.forward(Upstream.of(refused.url())))));
                RawClient client = proxy.connect()) {
            var local = client.send("GET /local HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(local.headers("Set-Cookie")).singleElement().asString().startsWith("session=s3cret");
            var error = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(error.status()).isEqualTo(502);
            assertThat(error.headers("Set-Cookie")).singleElement().asString().startsWith("session=s3cret");
        }
    }

    /** Two clients share one connection to the upstream, and nothing else. */
    @Test
    void cookiesOfTwoClients_neverMix() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    while (true) {
                        String cookie = c.readRequest().header("Cookie");
                        c.send("HTTP/1.1 200 OK\r\n" + (cookie == null ? "" : "Set-Cookie: " + cookie + "\r\n")
                                + "Content-Length: 0\r\n\r\n");
                    }
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient ada = proxy.connect();
                RawClient bob = proxy.connect();
                RawClient nobody = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(ada.send("GET / HTTP/1.1\r\nHost: h\r\nCookie: who=ada\r\n\r\n")
                                .readReply()
                                .headers("Set-Cookie"))
                        .containsExactly("who=ada");
                assertThat(nobody.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                                .readReply()
                                .headers("Set-Cookie"))
                        .isEmpty();
                assertThat(bob.send("GET / HTTP/1.1\r\nHost: h\r\nCookie: who=bob\r\n\r\n")
                                .readReply()
                                .headers("Set-Cookie"))
                        .containsExactly("who=bob");
            }
        }
    }
}
