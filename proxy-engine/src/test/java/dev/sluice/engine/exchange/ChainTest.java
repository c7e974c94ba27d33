package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.engine.When;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChainTest {

    private final Rig rig = new Rig();
    private final List<String> asked = new ArrayList<>();

    @Test
    void firstDecisionWins_laterAuthenticatorsAreNotAsked() {
        rig.authenticator(request -> {
                    asked.add("guard");
                    return CompletableFuture.completedFuture(AuthDecision.abstain());
                })
                .authenticates(AuthDecision.respond(LocalResponse.status(401)))
                .authenticator(request -> {
                    throw new AssertionError("asked after a decision");
                });
        rig.start();
        assertThat(asked).containsExactly("guard");
        assertThat(rig.client.asked).containsExactly("respond 401", "finished");
    }

    @Test
    void lateAbstention_asksTheNextOnTheLoop() {
        var first = new CompletableFuture<AuthDecision>();
        rig.authenticator(request -> first).authenticator(request -> {
            asked.add("second");
            return CompletableFuture.completedFuture(AuthDecision.proceed(Identity.of("ada")));
        });
        ProxyExchange exchange = rig.start();
        first.complete(AuthDecision.abstain());
        assertThat(asked).as("not in the thread that answered").isEmpty();
        rig.loop.run();
        assertThat(asked).containsExactly("second");
        assertThat(exchange.request().identity()).isPresent();
    }

    @Test
    void lateNotFound_asksTheNextOnTheLoop() {
        var first = new CompletableFuture<RouteDecision>();
        rig.resolver(request -> first).resolver(request -> {
            asked.add("second");
            return CompletableFuture.completedFuture(rig.forward());
        });
        rig.start();
        first.complete(RouteDecision.notFound());
        assertThat(asked).as("not in the thread that answered").isEmpty();
        rig.loop.run();
        assertThat(asked).containsExactly("second");
        assertThat(rig.client.asked).containsExactly("send");
    }

    @Test
    void tooLateNotFound_asksNobody() {
        var first = new CompletableFuture<RouteDecision>();
        rig.resolver(request -> first).resolver(request -> {
            asked.add("second");
            return CompletableFuture.completedFuture(rig.forward());
        });
        rig.start().onDeadline();
        first.complete(RouteDecision.notFound());
        rig.loop.run();
        assertThat(asked).isEmpty();
        assertThat(rig.client.asked).containsExactly("respond 503", "finished");
    }

    @Test
    void failedStage_isNoAbstention() {
        rig.authenticator(request -> CompletableFuture.failedFuture(new IllegalStateException("down")))
                .authenticates(AuthDecision.proceed(Identity.ANONYMOUS));
        rig.start();
        assertThat(rig.client.asked).containsExactly("respond 503", "finished");
    }

    @Test
    void failedResolver_isNoNotFound() {
        rig.resolver(request -> CompletableFuture.failedFuture(new IllegalStateException("down")))
                .routes(rig.forward());
        rig.start();
        assertThat(rig.client.asked).containsExactly("respond 503", "finished");
    }

    @Test
    void pluginsWhoseConditionDoesNotHold_areNotAsked() {
        ProxyRequest request = Rig.request(HttpMethod.GET, false);
        When never = r -> false;
        var authenticators = new AuthenticatorChain(List.of(new AuthenticatorChain.Link(never, r -> {
            throw new AssertionError("asked");
        })));
        var resolvers = new ResolverChain(List.of(new ResolverChain.Link("never", never, r -> {
            throw new AssertionError("asked");
        })));
        assertThat(authenticators.authenticate(request, Runnable::run))
                .isCompletedWithValueMatching(AuthDecision.Abstain.class::isInstance);
        assertThat(resolvers.resolve(request, Runnable::run, ExchangeTrace.UNWATCHED))
                .isCompletedWithValueMatching(RouteDecision.NotFound.class::isInstance);
    }
}
