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
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The configured resolvers in order: each that does not know the request leaves it to the next. */
public final class ResolverChain {

    /** One resolver, its configured name, and the condition under which it is asked. */
    public record Link(String name, When when, RouteResolver resolver) {}

    private static final CompletionStage<RouteDecision> NOT_FOUND =
            CompletableFuture.completedFuture(RouteDecision.notFound());

    private final Link[] links;

    public ResolverChain(List<Link> links) {
        this.links = links.toArray(new Link[0]);
    }

    /**
     * Where the request goes; {@link RouteDecision.NotFound} if nobody knows.
     *
     * @param open runs on the event loop what asks the next one, unless the answer has come too late
     * @param trace is told who is asked
     */
    CompletionStage<RouteDecision> resolve(ProxyRequest request, Executor open, ExchangeTrace trace) {
        return ask(request, resolver -> resolver.resolve(request), open, trace, 0);
    }

    /** An answer in place of the plain one; {@code open} as in {@link #resolve}. */
    CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure, Executor open) {
        return ask(request, resolver -> resolver.onFailure(request, failure), open, ExchangeTrace.UNWATCHED, 0);
    }

    private CompletionStage<RouteDecision> ask(
            ProxyRequest request,
            Function<RouteResolver, CompletionStage<RouteDecision>> question,
            Executor open,
            ExchangeTrace trace,
            int from) {
        for (int i = from; i < links.length; i++) {
            if (!links[i].when().matches(request)) {
                continue;
            }
            trace.asks(links[i].name());
            CompletionStage<RouteDecision> asked =
                    Objects.requireNonNull(question.apply(links[i].resolver()), "a resolver's stage");
            CompletableFuture<RouteDecision> stage = asked.toCompletableFuture();
            if (!stage.isDone()) {
                int next = i + 1;
                return stage.thenComposeAsync(
                        d -> d instanceof RouteDecision.NotFound
                                ? ask(request, question, open, trace, next)
                                : CompletableFuture.completedFuture(d),
                        open);
            }
            if (stage.isCompletedExceptionally() || !(stage.join() instanceof RouteDecision.NotFound)) {
                return stage;
            }
        }
        return NOT_FOUND;
    }
}
