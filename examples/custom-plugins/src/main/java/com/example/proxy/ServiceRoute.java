package com.example.proxy;

import dev.sluice.api.PathReadings;
import dev.sluice.api.RouteDecision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the requests for a part of a host go. The answer is made once and handed out for every request.
 *
 * @param path prefix without a slash at its end; the empty one takes every path
 */
record ServiceRoute(String host, String path, CompletionStage<RouteDecision> decision) {

    ServiceRoute(String host, String path, RouteDecision decision) {
        this(host, path, CompletableFuture.completedFuture(decision));
    }

    boolean takes(String requestPath) {
        return PathReadings.isBelow(requestPath, path);
    }
}
