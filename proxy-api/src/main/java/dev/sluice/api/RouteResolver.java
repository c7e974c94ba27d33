package dev.sluice.api;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Decides where a request goes.
 *
 * <p>Asked in the configured order once a request has an identity; {@link RouteDecision.NotFound} asks the next, and if
 * all say so the answer is 404. No resolver is ever asked about a request that no authenticator vouched for.
 *
 * <pre>{@code
 * final class UserHostResolver implements RouteResolver {
 *     private final Map<String, Upstream> byHost;
 *
 *     UserHostResolver(Map<String, Upstream> byHost) {
 *         this.byHost = byHost;
 *     }
 *
 *     @Override
 *     public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
 *         Upstream upstream = byHost.get(request.host());
 *         return CompletableFuture.completedFuture(
 *                 upstream == null ? RouteDecision.notFound() : RouteDecision.forward(upstream));
 *     }
 * }
 * }</pre>
 */
public interface RouteResolver extends AutoCloseable {

    /**
     * Decides about one request; {@link ProxyRequest#identity()} is known here.
     *
     * <p>Called on an event loop: it must not block (see {@link #blocking}). The stage may complete on any thread; a stage
     * that is already complete costs no hop.
     *
     * @return never null. A null stage, a null decision, an exception and a missed deadline are failures of kind
     *     {@link ProxyFailure.Kind#ROUTE_ERROR}: the request is answered 503 unless {@link #onFailure} supplies a page. An
     *     answer that arrives after that is ignored.
     */
    CompletionStage<RouteDecision> resolve(ProxyRequest request);

    /**
     * Offers an answer in place of the engine's plain one, after a failure before the response's head had gone out.
     *
     * <p>Resolvers are asked in the configured order, at most once for each exchange, on the same terms as
     * {@link #resolve}; never for a WebSocket handshake and never for a failed authentication. If what is returned fails
     * too, the client gets the plain status of the first failure.
     *
     * @return {@link RouteDecision.NotFound} to leave it to the next resolver, in the end to the engine
     */
    default CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
        return CompletableFuture.completedFuture(RouteDecision.notFound());
    }

    /**
     * Which of its upstreams the engine is to ask by itself whether they are well; read once when the resolver is put in
     * force, by the start or by a reload, and obeyed for as long as it is.
     *
     * <p>An upstream that fails any of its probes three times in a row is one that others are preferred to, where
     * {@link RouteDecision.OneOf} names others, until it has passed that probe twice in a row.
     */
    default Set<Probe> probes() {
        return Set.of();
    }

    /** Whether this resolver can do its work now; asked by readiness probes, on any thread. */
    default Readiness readiness() {
        return Readiness.READY;
    }

    /** Releases what the resolver holds. Called once, when no request uses it any more; no call follows it. */
    @Override
    default void close() {}

    /** A resolver for authors who block: {@code body} runs on {@code executor}, its exception fails the request. */
    static RouteResolver blocking(Executor executor, Function<ProxyRequest, RouteDecision> body) {
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(body, "body");
        return request -> CompletableFuture.supplyAsync(() -> body.apply(request), executor);
    }
}
