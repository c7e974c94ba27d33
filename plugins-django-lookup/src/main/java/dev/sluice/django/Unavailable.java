package dev.sluice.django;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Django gave no answer, or none that can be used; the reason is in the log under the exchange's id. */
final class Unavailable implements Finding {

    private final int status;
    private final Optional<RouteDecision> page;
    private final ClientIntent intent;

    /** @param page Django's error page; empty if Django is not there to show it */
    Unavailable(int status, Optional<RouteDecision> page, ClientIntent intent) {
        this.status = status;
        this.page = page;
        this.intent = intent;
    }

    @Override
    public CompletionStage<RouteDecision> decide(ProxyRequest request) {
        RouteDecision decision = !intent.wantsPage(request)
                ? RouteDecision.respond(LocalResponse.status(status))
                : page.orElseGet(() -> RouteDecision.respond(plain(request)));
        return CompletableFuture.completedFuture(decision);
    }

    private LocalResponse plain(ProxyRequest request) {
        return LocalResponse.text(
                        status,
                        "The application cannot be reached just now. Please try again in a moment.\nReference: "
                                + request.id() + "\n")
                .withHeader("Cache-Control", "no-store");
    }
}
