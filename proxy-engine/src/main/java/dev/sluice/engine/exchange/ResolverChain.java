package dev.sluice.engine.exchange;

import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.When;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The configured resolvers in order: each that does not know the request leaves it to the next. */
public final class ResolverChain {

    /** One resolver and the condition under which it is asked. */
    public record Link(When when, RouteResolver resolver) {}

    private static final CompletionStage<RouteDecision> NOT_FOUND =
            CompletableFuture.completedFuture(RouteDecision.notFound());

    private final Link[] links;

    public ResolverChain(List<Link> links) {
        this.links = links.toArray(new Link[0]);
    }

    CompletionStage<RouteDecision> resolve(ProxyRequest request) {
        return ask(request, resolver -> resolver.resolve(request), 0);
    }

    CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
        return ask(request, resolver -> resolver.onFailure(request, failure), 0);
    }

    private CompletionStage<RouteDecision> ask(
            ProxyRequest request, Function<RouteResolver, CompletionStage<RouteDecision>> question, int from) {
        for (int i = from; i < links.length; i++) {
            if (!links[i].when().matches(request)) {
                continue;
            }
            CompletionStage<RouteDecision> asked =
                    Objects.requireNonNull(question.apply(links[i].resolver()), "a resolver's stage");
            CompletableFuture<RouteDecision> stage = asked.toCompletableFuture();
            if (!stage.isDone()) {
                int next = i + 1;
                return stage.thenCompose(d -> d instanceof RouteDecision.NotFound
                        ? ask(request, question, next)
                        : CompletableFuture.completedFuture(d));
            }
            if (stage.isCompletedExceptionally() || !(stage.join() instanceof RouteDecision.NotFound)) {
                return stage;
            }
        }
        return NOT_FOUND;
    }
}
