package com.example.proxy;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.PathReadings;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends requests where a file of Services says, always by its last good version. */
final class ServiceFileResolver implements RouteResolver {

    private static final CompletionStage<RouteDecision> NOT_OURS =
            CompletableFuture.completedFuture(RouteDecision.notFound());
    private static final CompletionStage<RouteDecision> AMBIGUOUS =
            CompletableFuture.completedFuture(RouteDecision.respond(LocalResponse.text(400, "Ambiguous path\n")));

    private final WatchedServiceFile file;

    ServiceFileResolver(WatchedServiceFile file) {
        this.file = file;
    }

    @Override
    public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
        ServiceTable table = file.table(); // once: the next version may come in between
        Optional<ServiceRoute> route = table.find(request.host(), request.path());
        if (!PathReadings.isPlain(request.path()) && !isAgreed(table, request, route)) {
            return AMBIGUOUS;
        }
        return route.map(ServiceRoute::decision).orElse(NOT_OURS);
    }

    /** Whether a server that decodes, or merges slashes, would have chosen the same route. */
    private static boolean isAgreed(ServiceTable table, ProxyRequest request, Optional<ServiceRoute> route) {
        List<String> readings = PathReadings.of(request.path());
        return !readings.isEmpty()
                && readings.stream()
                        .allMatch(reading -> table.find(request.host(), reading).equals(route));
    }

    @Override
    public void close() {
        file.close();
    }
}
