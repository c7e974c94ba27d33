package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The application neither runs nor starts, which is the last word only for requests that may not start it. */
final class Absent implements Finding {

    private final Site site;
    private final LookupContext context;

    Absent(Site site, LookupContext context) {
        this.site = site;
        this.context = context;
    }

    boolean startsFor(ProxyRequest request) {
        return context.intent().mayModify(request);
    }

    @Override
    public CompletionStage<RouteDecision> decide(ProxyRequest request) {
        return CompletableFuture.completedFuture(
                context.failed(site, request, "", "Application stopped while starting"));
    }
}
