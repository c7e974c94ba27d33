package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.Fallback;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.api.Upstream;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 3: a plugin's exception, null or time-out is a refusal, never a pass; and what stands in for an answer. */
class PluginFailureTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    /** What a plugin does in place of answering. */
    @SuppressWarnings("NullAway") // that is the point
    enum Defect {
        THROWS {
            @Override
            <T> CompletionStage<T> answer() {
                throw new IllegalStateException("plugin");
            }
        },
        RETURNS_NULL {
            @Override
            <T> CompletionStage<T> answer() {
                return null;
            }
        },
        FAILS_LATER {
            @Override
            <T> CompletionStage<T> answer() {
                return CompletableFuture.supplyAsync(() -> {
                    throw new IllegalStateException("plugin");
                });
            }
        },
        NULL_LATER {
            @Override
            <T> CompletionStage<T> answer() {
                return CompletableFuture.supplyAsync(() -> null);
            }
        },
        NEVER {
            @Override
            <T> CompletionStage<T> answer() {
                return new CompletableFuture<>();
            }
        };

        abstract <T> CompletionStage<T> answer();
    }

    /** Invariant 3. */
    @ParameterizedTest
    @EnumSource
    void authenticatorFails_returns503AndNothingIsForwarded(Defect defect) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("secret"));
                var proxy = TestProxy.with(
                        Bounds.pluginCall(150),
                        builder -> builder.authenticator((Authenticator) request -> defect.answer())
                                .authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                var reply = client.send(GET).readReply();
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.text()).doesNotContain("plugin");
                assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.AUTH_ERROR);
            }
            assertThat(upstream.connections()).isEmpty();
        }
    }

    /** Invariant 3. */
    @ParameterizedTest
    @EnumSource
    void resolverFails_returns503AndNothingIsForwarded(Defect defect) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("secret"));
                var proxy = TestProxy.with(
                        Bounds.pluginCall(150),
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver((RouteResolver) request -> defect.answer())
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(503);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.ROUTE_ERROR);
            assertThat(client.send(GET).readReply().status()).isEqualTo(503);
            assertThat(upstream.connections()).isEmpty();
        }
    }

    /** Invariant 3, with a body on its way: nothing of it is passed on, and it is no request when its turn comes. */
    @Test
    void authenticatorFailsWithABodyOnItsWay_closesBehindTheAnswer() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("secret"));
                var proxy = TestProxy.with(
                        Bounds.pluginCall(150),
                        builder -> builder.authenticator((Authenticator) request -> new CompletableFuture<>())
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n" + GET);
            var reply = client.readReply();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.headers("Connection")).containsExactly("close");
            client.expectClosed();
            assertThat(upstream.connections()).isEmpty();
        }
    }

    @Test
    void refusedRequestWhoseBodyIsMalformed_isClosedBehindTheAnswer() {
        var answer = new CompletableFuture<AuthDecision>();
        var asked = new CompletableFuture<Void>();
        try (var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(request -> {
                                    asked.complete(null);
                                    return answer;
                                })
                                .resolver(TestProxy.always(RouteDecision.notFound())));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            asked.join();
            answer.complete(AuthDecision.respond(LocalResponse.status(401)));
            assertThat(client.readReply().status()).isEqualTo(401);
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "null", "line end"})
    void cookieMergerFails_returns500AndTheConnectionStaysUsable(String defect) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .cookieMerger(new DefectiveMerger(defect))
                                .resolver(request -> CompletableFuture.completedFuture(
                                        request.path().equals("/local")
                                                ? RouteDecision.respond(LocalResponse.text(200, "hi"))
                                                : RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            for (String path : List.of("/to-upstream", "/to-client", "/local", "/to-upstream")) {
                var reply = client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
                        .readReply();
                assertThat(reply.status()).as(path).isEqualTo(500);
                assertThat(reply.headers("Set-Cookie")).isEmpty();
                assertThat(proxy.awaitEnded().failure()).as(path).isEqualTo(Kind.COOKIE_ERROR);
            }
        }
    }

    @SuppressWarnings("NullAway") // that is the point
    private record DefectiveMerger(String defect) implements CookieMerger {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return request.path().equals("/to-upstream") ? broken() : lines;
        }

        @Override
        public List<String> toClient(
                ProxyRequest request, Trust trust, OwnCookies own, List<String> lines, List<SetCookie> proxy) {
            return request.path().equals("/to-upstream") ? lines : broken();
        }

        private List<String> broken() {
            return switch (defect) {
                case "throw" -> throw new IllegalStateException("merger");
                case "null" -> null;
                default -> List.of("a=b\r\nX-Smuggled: yes");
            };
        }
    }

    // ---- what stands in for an answer

    @Test
    void errorPageOfAResolver_isSentInPlaceOfThePlainAnswer() {
        try (var refused = Ports.refused();
                var pages = ScriptedUpstream.respondWith(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nsorry");
                var proxy = withPage(
                        refused,
                        failure -> RouteDecision.forward(pages.upstream())
                                .withRewrite(Rewrite.NONE.asPage("/error?" + failure.kind())));
                RawClient client = proxy.connect()) {
            client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.readReply().text()).isEqualTo("sorry");
            assertThat(pages.awaitRequest(1).requestLine()).isEqualTo("GET /error?CONNECT_FAILED HTTP/1.1");
            assertThat(pages.awaitRequest(1).header("Content-Length")).isNull();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CONNECT_FAILED);
            assertThat(client.send(GET).readReply().text())
                    .as("the connection goes on")
                    .isEqualTo("sorry");
        }
    }

    @Test
    void errorPageThatFailsToo_isAskedForOnceAndTheFirstFailureAnswered() {
        var asked = new AtomicInteger();
        try (var refused = Ports.refused();
                var pages = ScriptedUpstream.start(Scripts.resetAfterRequest());
                var proxy = withPage(refused, failure -> {
                    asked.incrementAndGet();
                    return RouteDecision.forward(pages.upstream());
                });
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            assertThat(asked).hasValue(1);
            var ended = proxy.awaitEnded();
            assertThat(ended.failure()).isEqualTo(Kind.CONNECT_FAILED);
            assertThat(ended.status()).isEqualTo(502);
        }
    }

    @Test
    void fallback_servesTheRequestWithItsBody() {
        try (var refused = Ports.refused();
                var other = ScriptedUpstream.respondWith(Scripts.text("other"));
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(Upstream.of(refused.url()))
                                        .withFallback(new Fallback(
                                                Set.of(Kind.CONNECT_FAILED),
                                                RouteDecision.forward(other.upstream()))))));
                RawClient client = proxy.connect()) {
            client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.readReply().text()).isEqualTo("other");
            assertThat(other.awaitRequest(1).text()).isEqualTo("body");
        }
    }

    @Test
    void fallbackOfAnEmptyChunkedBody_isSentItsEnd() {
        try (var dead = ScriptedUpstream.start(c -> c.readRequest());
                var other = ScriptedUpstream.respondWith(Scripts.text("other"));
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(dead.upstream())
                                        .withFallback(new Fallback(
                                                Set.of(Kind.UPSTREAM_CLOSED),
                                                RouteDecision.forward(other.upstream()))))));
                RawClient client = proxy.connect()) {
            client.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            assertThat(client.readReply().text()).isEqualTo("other");
        }
    }

    private static TestProxy withPage(Ports.Refused refused, Function<ProxyFailure, RouteDecision> page) {
        return TestProxy.with(
                s -> s,
                builder -> builder.authenticator(
                                request -> CompletableFuture.completedFuture(AuthDecision.proceed(Identity.of("ada"))))
                        .resolver(new RouteResolver() {
                            @Override
                            public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
                                return CompletableFuture.completedFuture(
                                        RouteDecision.forward(Upstream.of(refused.url())));
                            }

                            @Override
                            public CompletionStage<RouteDecision> onFailure(
                                    ProxyRequest request, ProxyFailure failure) {
                                return CompletableFuture.completedFuture(page.apply(failure));
                            }
                        }));
    }
}
