package dev.sluice.django;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Django said no: the user may not go there, or there is no such application. */
final class Refused implements Finding {

    private final CompletionStage<RouteDecision> page;
    private final CompletionStage<RouteDecision> status;
    private final ClientIntent intent;
    private final Duration lifetime;

    Refused(int status, RouteDecision page, ClientIntent intent, Duration lifetime) {
        this.page = CompletableFuture.completedFuture(page);
        this.status = CompletableFuture.completedFuture(RouteDecision.respond(LocalResponse.status(status)));
        this.intent = intent;
        this.lifetime = lifetime;
    }

    @Override
    public CompletionStage<RouteDecision> decide(ProxyRequest request) {
        return intent.wantsPage(request) ? page : status;
    }

    @Override
    public Duration lifetime() {
        return lifetime;
    }
}
