package dev.sluice.api.examples;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

final class UserHostResolver implements RouteResolver {
    private final Map<String, Upstream> byHost;

    UserHostResolver(Map<String, Upstream> byHost) {
        this.byHost = byHost;
    }

    @Override
    public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
        Upstream upstream = byHost.get(request.host());
        return CompletableFuture.completedFuture(
                upstream == null ? RouteDecision.notFound() : RouteDecision.forward(upstream));
    }
}
