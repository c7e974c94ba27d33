package dev.sluice.redis;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Readiness;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.redis.LiveRoutes.Freshness;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** Answers from the local table: no request waits for Redis. */
final class RedisRouteResolver implements RouteResolver {

    private static final CompletionStage<RouteDecision> NOT_FOUND =
            CompletableFuture.completedFuture(RouteDecision.notFound());
    private static final CompletionStage<RouteDecision> UNAVAILABLE = CompletableFuture.completedFuture(
            RouteDecision.respond(LocalResponse.text(503, "Routes are not available at the moment.\n")
                    .withHeader("Retry-After", "2")));

    private static final CompletionStage<RouteDecision> AMBIGUOUS =
            CompletableFuture.completedFuture(RouteDecision.respond(LocalResponse.text(400, "Ambiguous path\n")));

    private final LiveRoutes live;
    private final Clock clock;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    RedisRouteResolver(LiveRoutes live, Clock clock, Runnable onClose) {
        this.live = live;
        this.clock = clock;
        this.onClose = onClose;
    }

    @Override
    public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
        long now = clock.millis();
        Freshness freshness = live.freshness(now);
        if (freshness == Freshness.UNUSABLE) {
            return UNAVAILABLE;
        }
        RouteTable table = live.table();
        if (table.ambiguous(request.host(), request.path(), now)) {
            return AMBIGUOUS;
        }
        Route route = table.find(request.host(), request.path(), now);
        if (route != null) {
            return route.decide(request);
        }
        return freshness == Freshness.IN_SYNC ? NOT_FOUND : UNAVAILABLE;
    }

    @Override
    public Readiness readiness() {
        return live.readiness(clock.millis());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
