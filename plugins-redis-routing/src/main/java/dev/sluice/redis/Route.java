package dev.sluice.redis;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One route as it is in force, its answers made beforehand. */
final class Route {

    static final long NEVER = Long.MAX_VALUE;

    private static final CompletionStage<RouteDecision> FORBIDDEN =
            answer(LocalResponse.text(403, "You may not use this.\n"));
    private static final CompletionStage<RouteDecision> UNUSABLE =
            answer(LocalResponse.text(503, "The route to this is not usable.\n"));

    private final RouteKey key;
    private final @Nullable Access access;
    private final Target[] rotation;
    private final long expires;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param access null if everybody may use the route
     * @param rotation the upstreams in the order of their turns
     * @param expires when, in milliseconds since the epoch, or {@link #NEVER}
     */
    Route(RouteKey key, @Nullable Access access, List<Target> rotation, long expires) {
        this.key = key;
        this.access = access;
        this.rotation = rotation.toArray(Target[]::new);
        this.expires = expires;
    }

    /**
     * Stands where a route is written that cannot be used and no good one was known before: a less specific route, which
     * may be open to more people, must not take its place.
     */
    static Route unusable(RouteKey key, long expires) {
        return new Route(key, null, List.of(), expires);
    }

    RouteKey key() {
        return key;
    }

    boolean usable() {
        return rotation.length > 0;
    }

    /** Whether the upstream sees another path than the client sent. */
    boolean changesPath() {
        for (Target target : rotation) {
            if (target.changesPath()) {
                return true;
            }
        }
        return false;
    }

    boolean expired(long now) {
        return expires <= now;
    }

    Route withExpiry(long expires) {
        return new Route(key, access, List.of(rotation), expires);
    }

    CompletionStage<RouteDecision> decide(ProxyRequest request) {
        if (!usable()) {
            return UNUSABLE;
        }
        if (access != null && !access.allows(request)) {
            return FORBIDDEN;
        }
        return next().answer(request);
    }

    private Target next() {
        return rotation.length == 1 ? rotation[0] : rotation[Math.floorMod(turn.getAndIncrement(), rotation.length)];
    }

    private static CompletionStage<RouteDecision> answer(LocalResponse response) {
        return CompletableFuture.completedFuture(RouteDecision.respond(response));
    }
}
