package dev.sluice.redis;

import dev.sluice.api.Fallback;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One upstream of a route. Its answer is made beforehand, unless the path changes on the way. */
final class Target {

    private static final Set<Kind> NOT_CONNECTED = Set.of(Kind.CONNECT_FAILED, Kind.CONNECT_TIMEOUT);

    private final Forward forward;
    private final String base;
    private final int strip;
    private final @Nullable Target next;
    private final CompletionStage<RouteDecision> unchanged;

    /**
     * @param base what is put before the path; empty for nothing
     * @param strip how many characters are taken from the path's start before that
     */
    Target(Forward forward, String base, int strip) {
        this(forward, base, strip, null);
    }

    private Target(Forward forward, String base, int strip, @Nullable Target next) {
        this.forward = forward;
        this.base = base;
        this.strip = strip;
        this.next = next;
        this.unchanged = CompletableFuture.completedFuture(next == null ? forward : orElse(forward, next.forward));
    }

    /** This one, or {@code next} if it does not let itself be connected to. */
    Target orElse(Target next) {
        return new Target(forward, base, strip, next);
    }

    CompletionStage<RouteDecision> answer(ProxyRequest request) {
        if (!changesPath() && (next == null || !next.changesPath())) {
            return unchanged;
        }
        Forward changed = changed(request.target());
        return CompletableFuture.completedFuture(
                next == null ? changed : orElse(changed, next.changed(request.target())));
    }

    boolean changesPath() {
        return !base.isEmpty() || strip > 0;
    }

    private Forward changed(String target) {
        if (!changesPath() || !target.startsWith("/")) {
            return forward;
        }
        String rest = target.substring(strip);
        String path = rest.startsWith("/") || (rest.isEmpty() && !base.isEmpty()) ? rest : "/" + rest;
        return forward.withRewrite(forward.rewrite().withTarget(base + path));
    }

    private static Forward orElse(Forward forward, Forward next) {
        return forward.withFallback(new Fallback(NOT_CONNECTED, next));
    }
}
