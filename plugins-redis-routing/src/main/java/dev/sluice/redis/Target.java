package dev.sluice.redis;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One upstream of a route, with the answer that is the same for every request made beforehand. */
final class Target {

    private final Forward forward;
    private final CompletionStage<RouteDecision> unchanged;
    private final String base;
    private final int strip;

    /**
     * @param base what is put before the path; empty for nothing
     * @param strip how many characters are taken from the path's start before that
     */
    Target(Forward forward, String base, int strip) {
        this.forward = forward;
        this.unchanged = CompletableFuture.completedFuture(forward);
        this.base = base;
        this.strip = strip;
    }

    CompletionStage<RouteDecision> answer(ProxyRequest request) {
        String target = request.target();
        if ((base.isEmpty() && strip == 0) || !target.startsWith("/")) {
            return unchanged;
        }
        String rest = target.substring(strip);
        String path = rest.startsWith("/") ? rest : "/" + rest;
        return CompletableFuture.completedFuture(
                forward.withRewrite(forward.rewrite().withTarget(base + path)));
    }
}
