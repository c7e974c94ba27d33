package dev.sluice.django;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Timeouts;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the findings share: Django's calls and pages, and how requests are told apart. */
record LookupContext(ControlPlane control, Pages pages, ClientIntent intent, Timeouts probe, Duration retryAfter) {

    private static final Logger log = LoggerFactory.getLogger(LookupContext.class);

    /** The answer where an application has stopped: Django's page, or a status. */
    RouteDecision failed(Site site, ProxyRequest request, String id, String message) {
        return intent.wantsPage(request)
                ? pages.failed(site, id, message)
                : RouteDecision.respond(LocalResponse.status(503));
    }

    /** Completes when the application is deleted, or cannot be; never fails. */
    CompletionStage<?> delete(Site site, ProxyRequest request) {
        return told("delete", site, request, control.delete(site, request).thenApply(reply -> reply.status()));
    }

    /** Tells Django, whatever becomes of the request. */
    void markRunning(Site site, ProxyRequest request) {
        var unused = told(
                "mark running",
                site,
                request,
                control.markRunning(site, request).thenApply(reply -> reply.status()));
    }

    private static CompletionStage<?> told(
            String what, Site site, ProxyRequest request, CompletionStage<Integer> status) {
        return status.handle((answer, failure) -> {
            if (failure != null || answer >= 400) {
                log.warn("exchange {}: {} {}: {}", request.id(), what, site.name(), failure != null ? failure : answer);
            }
            return null;
        });
    }
}
