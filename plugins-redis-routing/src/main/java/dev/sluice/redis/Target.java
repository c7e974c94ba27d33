package dev.sluice.redis;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One upstream of a route. Its answer is made beforehand, unless the path changes on the way. */
final class Target {

    private final Forward forward;
    private final String base;
    private final int strip;
    private final List<Target> others;
    private final boolean somePathChanges;
    private final CompletionStage<RouteDecision> unchanged;

    /**
     * @param base what is put before the path; empty for nothing
     * @param strip how many characters are taken from the path's start before that
     */
    Target(Forward forward, String base, int strip) {
        this(forward, base, strip, List.of());
    }

    private Target(Forward forward, String base, int strip, List<Target> others) {
        this.forward = forward;
        this.base = base;
        this.strip = strip;
        this.others = others;
        this.somePathChanges = changesPath() || others.stream().anyMatch(Target::changesPath);
        this.unchanged = CompletableFuture.completedFuture(decision(target -> target.forward));
    }

    /** This one, or another in their order if it cannot be connected to. */
    Target orElse(List<Target> others) {
        return new Target(forward, base, strip, others);
    }

    CompletionStage<RouteDecision> answer(ProxyRequest request) {
        return somePathChanges
                ? CompletableFuture.completedFuture(decision(target -> target.changed(request.target())))
                : unchanged;
    }

    private RouteDecision decision(Function<Target, Forward> forward) {
        List<Forward> candidates = new ArrayList<>(1 + others.size());
        candidates.add(forward.apply(this));
        others.forEach(other -> candidates.add(forward.apply(other)));
        return RouteDecision.oneOf(candidates);
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
}
