package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The application has ended, in order or not: it is deleted, so that a refresh of the error page starts it again. */
final class Stopped implements Finding {

    private final Site site;
    private final Application application;
    private final LookupContext context;
    private final AtomicBoolean deleted = new AtomicBoolean();

    Stopped(Site site, Application application, LookupContext context) {
        this.site = site;
        this.application = application;
        this.context = context;
    }

    @Override
    public CompletionStage<RouteDecision> decide(ProxyRequest request) {
        RouteDecision page = context.failed(site, request, application.id(), "Application " + application.state());
        if (!context.intent().mayModify(request) || !deleted.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(page);
        }
        return context.control().delete(site, request).thenApply(done -> page);
    }
}
