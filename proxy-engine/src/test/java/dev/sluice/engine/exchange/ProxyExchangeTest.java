package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Fallback;
import dev.sluice.api.ForwardListener;
import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.SetCookie;
import dev.sluice.engine.exchange.FakeUpstream.State;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The way of a request that is decided on and answered, and of those that are answered in another way. */
class ProxyExchangeTest {

    private final Rig rig = new Rig();
    private final FakeClient client = rig.client;

    @Test
    void everythingAnswersAtOnce_forwardsWithoutAHop() {
        ProxyExchange exchange = rig.start();
        exchange.onRequestSent();
        exchange.onReply(Rig.reply(200));
        exchange.onEnd();
        assertThat(client.asked).containsExactly("send", "relay 200", "finished");
        assertThat(client.status).isEqualTo(200);
        assertThat(client.failure).isNull();
        assertThat(rig.heard).containsExactly("response 200", "outcome 200 null");
        assertThat(rig.connections.get(0).state).isEqualTo(State.RELEASED);
    }

    @Test
    void everythingAnswersLater_forwardsOnTheLoop() {
        var identity = new CompletableFuture<AuthDecision>();
        var route = new CompletableFuture<RouteDecision>();
        var connection = new CompletableFuture<UpstreamSide>();
        rig.authenticator(request -> identity).resolver(request -> route).pool(upstream -> connection);
        ProxyExchange exchange = rig.start();
        identity.complete(AuthDecision.proceed(Identity.of("ada")));
        assertThat(exchange.request().identity()).as("before the loop's turn").isEmpty();
        rig.loop.run();
        assertThat(exchange.request().identity().orElseThrow().userId()).isEqualTo("ada");
        route.complete(rig.forward());
        rig.loop.run();
        connection.complete(rig.connection(false));
        rig.loop.run();
        assertThat(client.asked).containsExactly("send");
    }

    @Test
    void authenticatorResponds_endsWithItsResponseAndCookies() {
        var cookie = SetCookie.of("session", "s").build();
        rig.authenticates(new AuthDecision.Respond(LocalResponse.redirect("/login"), List.of(cookie)));
        rig.start();
        assertThat(client.asked).containsExactly("respond 302", "finished");
        assertThat(client.setCookieLines).containsExactly(cookie.toHeaderValue());
        assertThat(client.failure).isNull();
        assertThat(rig.acquired).isEmpty();
    }

    @Test
    void allAbstain_returns403AndAsksNoResolver() {
        rig.authenticates(AuthDecision.abstain()).authenticates(AuthDecision.abstain());
        rig.resolver(request -> {
            throw new AssertionError("a resolver was asked about a request that nobody vouched for");
        });
        rig.start();
        assertThat(client.asked).containsExactly("respond 403", "finished");
    }

    @Test
    void resolverResponds_isAnsweredFromHere() {
        rig.routes(RouteDecision.respond(LocalResponse.text(418, "tea"))).start();
        assertThat(client.asked).containsExactly("respond 418", "finished");
    }

    @Test
    void nobodyKnowsTheRoute_returns404() {
        rig.routes(RouteDecision.notFound()).routes(RouteDecision.notFound()).start();
        assertThat(client.asked).containsExactly("respond 404", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.NO_ROUTE);
    }

    @Test
    void ownCookies_goWithTheRelayedHead() {
        var cookie = SetCookie.of("session", "s").build();
        rig.authenticates(new AuthDecision.Proceed(Identity.ANONYMOUS, HeaderEdits.NONE, List.of(cookie)));
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200, "a=b"));
        assertThat(client.setCookieLines).containsExactly("a=b", cookie.toHeaderValue());
    }

    @Test
    void webSocket_becomesATunnelAndReleasesAtItsEnd() {
        ProxyExchange exchange = rig.startWebSocket();
        exchange.onRequestSent();
        exchange.onReply(Rig.reply(101));
        exchange.onDeadline(); // a tunnel keeps its own time
        exchange.onEnd();
        assertThat(client.asked).containsExactly("send", "tunnel", "finished");
        assertThat(client.status).isEqualTo(101);
        assertThat(rig.heard).containsExactly("response 101", "outcome 101 null");
    }

    @Test
    void interimReplies_areRelayedAndCommitNothing() {
        ProxyExchange exchange = rig.start();
        exchange.onInterimReply(Rig.reply(103));
        assertThat(exchange.isCommitted()).isFalse();
        exchange.fail(Kind.UPSTREAM_PROTOCOL, null);
        assertThat(client.asked).containsExactly("send", "interim 103", "respond 502", "finished");
    }

    @Test
    void replyBeforeTheRequestIsSent_streams() {
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(413));
        exchange.onRequestSent();
        assertThat(rig.loop.idle).as("the deadline is that of a body").isTrue();
        exchange.onEnd();
        assertThat(client.asked).containsExactly("send", "relay 413", "finished");
    }

    @Test
    void unready_showsThePageWithRetryAfter() {
        rig.routes(new RouteDecision.Unready(Duration.ofMillis(2100), rig.forward()));
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        assertThat(client.asked).containsExactly("send", "relay 200");
        assertThat(client.retryAfter).as("rounded up").isEqualTo(3);
    }

    @Test
    void unreadyWithoutDelay_saysOneSecond() {
        var page = RouteDecision.respond(LocalResponse.text(200, "starting"));
        rig.routes(new RouteDecision.Unready(Duration.ZERO, page)).start();
        assertThat(client.asked).containsExactly("respond 200", "finished");
        assertThat(client.retryAfter).isEqualTo(1);
    }

    @Test
    void unreadyForAges_saysTheLargestNumber() {
        var page = RouteDecision.respond(LocalResponse.text(200, "starting"));
        rig.routes(new RouteDecision.Unready(Duration.ofSeconds(Long.MAX_VALUE), page))
                .start();
        assertThat(client.retryAfter).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void unreadyWebSocket_returns503AndNoPage() {
        rig.routes(new RouteDecision.Unready(Duration.ofSeconds(5), rig.forward()))
                .startWebSocket();
        assertThat(client.asked).containsExactly("respond 503", "finished");
        assertThat(client.retryAfter).isEqualTo(5);
        assertThat(rig.acquired).isEmpty();
    }

    // ---- fallbacks

    @Test
    void fallback_takesTheFailedUpstreamsPlace() {
        var other = rig.forward(Rig.OTHER);
        rig.routes(rig.forward().withFallback(new Fallback(Set.of(Kind.UPSTREAM_CLOSED), other)));
        ProxyExchange exchange = rig.start();
        exchange.onUpstreamClosed(null);
        exchange.onReply(Rig.reply(200));
        exchange.onEnd();
        assertThat(client.asked).containsExactly("send", "send", "relay 200", "finished");
        assertThat(rig.acquired).containsExactly("http://app.test:1", "http://other.test:2");
        assertThat(rig.heard).containsExactly("outcome 0 UPSTREAM_CLOSED", "response 200", "outcome 200 null");
        assertThat(client.failureKind())
                .as("a fallback does not make it undone")
                .isEqualTo(Kind.UPSTREAM_CLOSED);
        assertThat(rig.connections).extracting(c -> c.state).containsExactly(State.DISCARDED, State.RELEASED);
    }

    @Test
    void fallbackForOtherFailures_isNotTaken() {
        var other = rig.forward(Rig.OTHER);
        rig.routes(rig.forward().withFallback(new Fallback(Set.of(Kind.RESPONSE_TIMEOUT), other)));
        rig.start().onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "respond 502", "finished");
    }

    /** A fallback that would replay a body already half sent. */
    @Test
    void fallbackAfterBodyBytesPassed_isRefused() {
        var other = rig.forward(Rig.OTHER);
        rig.routes(rig.forward().withFallback(new Fallback(Set.of(Kind.UPSTREAM_CLOSED), other)));
        ProxyExchange exchange = rig.start();
        client.bodyUntouched = false;
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "respond 502", "finished");
        assertThat(rig.acquired).containsExactly("http://app.test:1");
    }

    @Test
    void fallbackBehindUnreadyAfterBodyBytesPassed_isRefused() {
        var starting = new RouteDecision.Unready(Duration.ofSeconds(1), rig.forward(Rig.OTHER));
        rig.routes(rig.forward().withFallback(new Fallback(Set.of(Kind.UPSTREAM_CLOSED), starting)));
        ProxyExchange exchange = rig.start();
        client.bodyUntouched = false;
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "respond 502", "finished");
    }

    @Test
    void fallbackWithoutBodyAfterBodyBytesPassed_isTaken() {
        var page = rig.forward(Rig.OTHER).withRewrite(Rewrite.NONE.asPage("/sorry"));
        rig.routes(rig.forward().withFallback(new Fallback(Set.of(Kind.UPSTREAM_CLOSED), page)));
        ProxyExchange exchange = rig.start();
        client.bodyUntouched = false;
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "send");
    }

    @Test
    void failedFallback_answersTheFirstFailure() {
        var other = rig.forward(Rig.OTHER);
        rig.routes(rig.forward().withFallback(new Fallback(Set.of(Kind.RESPONSE_TIMEOUT), other)));
        ProxyExchange exchange = rig.start();
        exchange.onRequestSent();
        exchange.onDeadline();
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "send", "respond 504", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
    }

    // ---- stale connections

    @Test
    void reusedConnectionClosesUnanswered_triesAFreshOneOnce() {
        rig.pool(upstream -> CompletableFuture.completedFuture(rig.connection(true)));
        ProxyExchange exchange = rig.start();
        exchange.onRequestSent();
        rig.pool(upstream -> CompletableFuture.completedFuture(rig.connection(false)));
        exchange.onUpstreamClosed(null);
        assertThat(rig.acquired).containsExactly("http://app.test:1", "http://app.test:1 fresh");
        assertThat(rig.heard).as("nobody's failure").isEmpty();
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "send", "respond 502", "finished");
        assertThat(rig.heard).containsExactly("outcome 0 UPSTREAM_CLOSED");
        assertThat(rig.connections).extracting(c -> c.state).containsOnly(State.DISCARDED);
    }

    @Test
    void reusedConnectionClosesAndTheRequestCannotBeSentAgain_returns502() {
        rig.pool(upstream -> CompletableFuture.completedFuture(rig.connection(true)));
        client.canReplay = false;
        rig.start().onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "respond 502", "finished");
    }

    @Test
    void reusedConnectionClosesAfterTheHead_aborts() {
        rig.pool(upstream -> CompletableFuture.completedFuture(rig.connection(true)));
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        exchange.onUpstreamClosed(null);
        assertThat(client.asked).containsExactly("send", "relay 200", "abort", "finished");
    }

    // ---- listeners

    @Test
    void listenerThatThrows_changesNothing() {
        rig.routes(rig.forward().withListener(new ForwardListener() {
            @Override
            public void onResponse(int status) {
                throw new IllegalStateException("listener");
            }

            @Override
            public void onOutcome(ForwardOutcome outcome) {
                throw new IllegalStateException("listener");
            }
        }));
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        exchange.onEnd();
        assertThat(client.asked).containsExactly("send", "relay 200", "finished");
        assertThat(client.failure).isNull();
    }
}
