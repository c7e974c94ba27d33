package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Fallback;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Timeouts;
import dev.sluice.engine.exchange.FakeUpstream.State;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What ends an exchange early: who is blamed, what the client gets, and that nothing is left behind. */
class ExchangeFailureTest {

    private final Rig rig = new Rig();
    private final FakeClient client = rig.client;

    // ---- the upstream

    @Test
    void connectFails_returns502() {
        rig.pool(upstream -> CompletableFuture.failedFuture(new ConnectException("refused")));
        rig.start();
        assertThat(client.asked).containsExactly("respond 502", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.CONNECT_FAILED);
        assertThat(rig.heard).containsExactly("outcome 0 CONNECT_FAILED");
    }

    @Test
    void poolThrows_returns502() {
        rig.pool(upstream -> {
            throw new RejectedExecutionException("no thread to look the name up");
        });
        rig.start();
        assertThat(client.asked).containsExactly("respond 502", "finished");
    }

    @Test
    void upstreamDiesAfterTheHead_abortsTheClient() {
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "relay 200", "abort", "finished");
        assertThat(client.failure).isEqualTo(new ProxyFailure(Kind.UPSTREAM_CLOSED, true, null));
        assertThat(rig.heard).containsExactly("response 200", "outcome 200 UPSTREAM_CLOSED");
        assertThat(rig.connections.get(0).state).isEqualTo(State.DISCARDED);
    }

    // ---- deadlines: each phase has its own, and blames whoever is waited for

    @Test
    void authenticatorMissesItsDeadline_returns503() {
        rig.authenticator(request -> new CompletableFuture<>());
        ProxyExchange exchange = rig.start();
        assertThat(rig.loop.deadline).isEqualTo(Rig.TIMEOUTS.pluginCall().toMillis());
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("respond 503", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.AUTH_ERROR);
    }

    @Test
    void resolverMissesItsDeadline_returns503() {
        rig.resolver(request -> new CompletableFuture<>());
        ProxyExchange exchange = rig.start();
        assertThat(rig.loop.deadline).isEqualTo(Rig.TIMEOUTS.pluginCall().toMillis());
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("respond 503", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.ROUTE_ERROR);
    }

    @Test
    void connectionDoesNotStandInTime_returns504() {
        rig.pool(upstream -> new CompletableFuture<>());
        ProxyExchange exchange = rig.start();
        assertThat(rig.loop.deadline).isEqualTo(Rig.TIMEOUTS.connect().toMillis());
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("respond 504", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.CONNECT_TIMEOUT);
    }

    @Test
    void noHeadInTime_returns504() {
        ProxyExchange exchange = rig.start();
        exchange.onRequestSent();
        assertThat(rig.loop.deadline).isEqualTo(Rig.TIMEOUTS.responseHead().toMillis());
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("send", "respond 504", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
    }

    @Test
    void clientStopsSending_returns408() {
        ProxyExchange exchange = rig.start();
        assertThat(rig.loop.deadline).isEqualTo(Rig.TIMEOUTS.bodyIdle().toMillis());
        assertThat(rig.loop.idle).isTrue();
        client.waitsForClient = true;
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("send", "respond 408", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.CLIENT_IDLE);
    }

    @Test
    void peerThatTakesBytesSlowly_isNotIdle() {
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        client.peersTakeBytes = true;
        rig.loop.idle = false;
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("send", "relay 200");
        assertThat(rig.loop.idle).as("the deadline is set again").isTrue();
        client.peersTakeBytes = false;
        exchange.onDeadline();
        assertThat(client.failureKind()).isEqualTo(Kind.UPSTREAM_IDLE);
    }

    @Test
    void upstreamStopsTaking_returns504() {
        rig.start().onDeadline();
        assertThat(client.asked).containsExactly("send", "respond 504", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.UPSTREAM_IDLE);
    }

    @Test
    void upstreamStopsSendingItsBody_aborts() {
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        assertThat(rig.loop.idle).isTrue();
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("send", "relay 200", "abort", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.UPSTREAM_IDLE);
    }

    @Test
    void routesOwnTimeouts_winOverTheEngines() {
        var timeouts = Timeouts.INHERIT
                .withConnect(Duration.ofMillis(11))
                .withResponseHead(Duration.ofMillis(12))
                .withBodyIdle(Duration.ofMillis(13));
        var connection = new CompletableFuture<UpstreamSide>();
        rig.routes(rig.forward().withTimeouts(timeouts)).pool(upstream -> connection);
        ProxyExchange exchange = rig.start();
        assertThat(rig.loop.deadline).isEqualTo(11);
        connection.complete(rig.connection(false));
        rig.loop.run();
        assertThat(rig.loop.deadline).isEqualTo(13);
        exchange.onRequestSent();
        assertThat(rig.loop.deadline).isEqualTo(12);
    }

    // ---- the client leaves

    @Test
    void clientLeavesWhileTheRouteIsAsked_ignoresTheLateRoute() {
        var route = new CompletableFuture<RouteDecision>();
        rig.resolver(request -> route);
        ProxyExchange exchange = rig.start();
        exchange.fail(Kind.CLIENT_CLOSED, null);
        route.complete(rig.forward());
        rig.loop.run();
        assertThat(client.asked).containsExactly("abort", "finished");
        assertThat(client.status).isZero();
        assertThat(rig.acquired).isEmpty();
    }

    /** A connection that arrives after the client has left. */
    @Test
    void clientLeavesWhileConnecting_discardsTheLateConnection() {
        var connection = new CompletableFuture<UpstreamSide>();
        rig.pool(upstream -> connection);
        ProxyExchange exchange = rig.start();
        exchange.fail(Kind.CLIENT_CLOSED, null);
        connection.complete(rig.connection(false));
        rig.loop.run();
        assertThat(rig.connections.get(0).state).isEqualTo(State.DISCARDED);
        assertThat(rig.heard).containsExactly("outcome 0 CLIENT_CLOSED");
    }

    @Test
    void clientLeavesAfterTheHead_discardsTheConnectionAndAsksForNoPage() {
        rig.routesWithPage(RouteDecision.respond(LocalResponse.status(200)));
        ProxyExchange exchange = rig.start();
        exchange.fail(Kind.CLIENT_CLOSED, null);
        assertThat(client.asked).containsExactly("send", "abort", "finished");
        assertThat(rig.connections.get(0).state).isEqualTo(State.DISCARDED);
    }

    // ---- plugins that misbehave (invariant 3)

    /** A resolver consulted after an authentication error could forward an unauthenticated request. */
    @Test
    void authenticatorFails_returns503AndConsultsNoResolver() {
        List<Rig> failing = List.of(
                new Rig().authenticator(request -> {
                    throw new IllegalStateException("thrown");
                }),
                new Rig().authenticator(request -> {
                    throw new NoClassDefFoundError("thrown");
                }),
                new Rig().authenticator(request -> null),
                new Rig().authenticator(request -> CompletableFuture.completedFuture(null)),
                new Rig()
                        .authenticator(request -> CompletableFuture.failedFuture(new IllegalStateException("failed"))));
        for (Rig each : failing) {
            List<String> consulted = new ArrayList<>();
            each.authenticates(AuthDecision.proceed(Identity.ANONYMOUS))
                    .resolver(
                            request -> {
                                consulted.add("resolve");
                                return CompletableFuture.completedFuture(each.forward());
                            },
                            (request, failure) -> {
                                consulted.add("onFailure");
                                return CompletableFuture.completedFuture(each.forward());
                            });
            each.start();
            assertThat(each.client.asked).containsExactly("respond 503", "finished");
            assertThat(each.client.failureKind()).isEqualTo(Kind.AUTH_ERROR);
            assertThat(consulted).isEmpty();
        }
    }

    @Test
    void authenticatorFailsLater_returns503() {
        List<CompletableFuture<AuthDecision>> answers = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        for (var answer : answers) {
            Rig each = new Rig().authenticator(request -> answer);
            each.start();
            if (answer == answers.get(0)) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(new IllegalStateException("failed"));
            }
            each.loop.run();
            assertThat(each.client.asked).containsExactly("respond 503", "finished");
        }
    }

    @Test
    void resolverFails_returns503() {
        List<Rig> failing = List.of(
                new Rig().resolver(request -> {
                    throw new IllegalStateException("thrown");
                }),
                new Rig().resolver(request -> null),
                new Rig().resolver(request -> CompletableFuture.completedFuture(null)),
                new Rig().resolver(request -> CompletableFuture.failedFuture(new IllegalStateException("failed"))));
        for (Rig each : failing) {
            each.start();
            assertThat(each.client.asked).containsExactly("respond 503", "finished");
            assertThat(each.client.failureKind()).isEqualTo(Kind.ROUTE_ERROR);
            assertThat(each.acquired).isEmpty();
        }
    }

    @Test
    void failureOfTheResolver_mayHaveAPage() {
        rig.resolver(
                request -> CompletableFuture.failedFuture(new IllegalStateException("failed")),
                (request, failure) ->
                        CompletableFuture.completedFuture(RouteDecision.respond(LocalResponse.text(503, "sorry"))));
        rig.start();
        assertThat(client.asked).containsExactly("respond 503", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.ROUTE_ERROR);
    }

    // ---- error pages

    /** An outcome reported as success because the error page answered. */
    @Test
    void pageAnswers_outcomeIsStillTheFailure() {
        rig.pool(upstream -> CompletableFuture.failedFuture(new ConnectException("refused")));
        rig.routesWithPage(RouteDecision.respond(LocalResponse.text(200, "back soon")));
        rig.start();
        assertThat(client.asked).containsExactly("respond 200", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.CONNECT_FAILED);
        assertThat(rig.heard).containsExactly("outcome 0 CONNECT_FAILED");
    }

    /** A second failure that hides the first. */
    @Test
    void pageFailsToo_firstFailureIsAnswered() {
        ProxyFailure.Kind[] seen = new ProxyFailure.Kind[1];
        rig.resolver(request -> CompletableFuture.completedFuture(rig.forward()), (request, failure) -> {
            seen[0] = failure.kind();
            return CompletableFuture.completedFuture(rig.forward(Rig.OTHER));
        });
        ProxyExchange exchange = rig.start();
        exchange.onRequestSent();
        exchange.onDeadline();
        assertThat(seen).containsExactly(Kind.RESPONSE_TIMEOUT);
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "send", "respond 504", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
        assertThat(rig.heard).containsExactly("outcome 0 RESPONSE_TIMEOUT", "outcome 0 UPSTREAM_CLOSED");
    }

    @Test
    void pageThrowsOrIsNull_firstFailureIsAnswered() {
        for (boolean thrown : new boolean[] {true, false}) {
            Rig each = new Rig().pool(upstream -> CompletableFuture.failedFuture(new ConnectException("refused")));
            int[] asked = new int[1];
            each.resolver(request -> CompletableFuture.completedFuture(each.forward()), (request, failure) -> {
                asked[0]++;
                if (thrown) {
                    throw new IllegalStateException("page");
                }
                return null;
            });
            each.start();
            assertThat(each.client.asked).containsExactly("respond 502", "finished");
            assertThat(asked).as("at most once").containsExactly(1);
        }
    }

    @Test
    void pageMissesItsDeadline_firstFailureIsAnswered() {
        var page = new CompletableFuture<RouteDecision>();
        rig.pool(upstream -> CompletableFuture.failedFuture(new ConnectException("refused")));
        rig.resolver(request -> CompletableFuture.completedFuture(rig.forward()), (request, failure) -> page);
        ProxyExchange exchange = rig.start();
        exchange.onDeadline();
        page.complete(RouteDecision.respond(LocalResponse.status(200)));
        rig.loop.run();
        assertThat(client.asked).containsExactly("respond 502", "finished");
    }

    /** A late first answer taken for the second question: guarded by a ticket, not by a state name. */
    @Test
    void lateRoute_isNotTakenForThePage() {
        var route = new CompletableFuture<RouteDecision>();
        var page = new CompletableFuture<RouteDecision>();
        rig.resolver(request -> route, (request, failure) -> page);
        ProxyExchange exchange = rig.start();
        exchange.onDeadline(); // the route is late; now the page is asked for
        route.complete(rig.forward());
        rig.loop.run();
        assertThat(rig.acquired).isEmpty();
        page.complete(RouteDecision.respond(LocalResponse.text(503, "sorry")));
        rig.loop.run();
        assertThat(client.asked).containsExactly("respond 503", "finished");
    }

    @Test
    void lateConnection_isNotTakenForTheFallbacks() {
        var first = new CompletableFuture<UpstreamSide>();
        var second = new CompletableFuture<UpstreamSide>();
        rig.pool(upstream -> upstream.equals(Rig.UPSTREAM) ? first : second);
        rig.routes(rig.forward().withFallback(new Fallback(Set.of(Kind.CONNECT_TIMEOUT), rig.forward(Rig.OTHER))));
        ProxyExchange exchange = rig.start();
        exchange.onDeadline();
        FakeUpstream late = rig.connection(false);
        first.complete(late);
        rig.loop.run();
        assertThat(client.asked).isEmpty();
        assertThat(late.state).isEqualTo(State.DISCARDED);
        FakeUpstream asked = rig.connection(false);
        second.complete(asked);
        rig.loop.run();
        assertThat(client.sentTo).isSameAs(asked);
    }

    @Test
    void pageThatStreamsABodyAlreadyPassed_isRefused() {
        rig.routesWithPage(rig.forward(Rig.OTHER));
        ProxyExchange exchange = rig.start();
        client.bodyUntouched = false;
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "respond 502", "finished");
    }

    @Test
    void webSocketFails_getsNoPage() {
        rig.routesWithPage(RouteDecision.respond(LocalResponse.text(200, "page")));
        rig.startWebSocket().onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "respond 502", "finished");
    }

    @Test
    void clientsOwnFailure_getsNoPage() {
        rig.routesWithPage(RouteDecision.respond(LocalResponse.text(200, "page")));
        rig.start().fail(Kind.CLIENT_PROTOCOL, null);
        assertThat(client.asked).containsExactly("send", "respond 400", "finished");
    }

    // ---- anything else

    @Test
    void failureAfterTheEnd_isNoFailure() {
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        exchange.onEnd();
        exchange.fail(Kind.CLIENT_CLOSED, null);
        exchange.onDeadline();
        assertThat(client.asked).containsExactly("send", "relay 200", "finished");
        assertThat(rig.heard).hasSize(2);
    }

    @Test
    void engineTripsOverItself_returns500() {
        rig.pool(upstream -> CompletableFuture.completedFuture(new UpstreamSide() {
            @Override
            public boolean reused() {
                return false;
            }

            @Override
            public void release() {}

            @Override
            public void discard() {}
        })); // which the fake client takes for something else
        rig.start();
        assertThat(client.asked).containsExactly("send", "respond 500", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.INTERNAL);
    }
}
