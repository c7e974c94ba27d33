package dev.sluice.django;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Timeouts;
import java.time.Duration;

/**
 * What the findings share.
 *
 * @param probe bounds of a request to an application that is starting
 * @param retryAfter when a client whose application is starting is to come back
 */
record LookupContext(ControlPlane control, Pages pages, ClientIntent intent, Timeouts probe, Duration retryAfter) {

    /** The answer where an application has stopped: Django's page, or a status. */
    RouteDecision failed(Site site, ProxyRequest request, String id, String message) {
        return intent.wantsPage(request)
                ? pages.failed(site, id, message)
                : RouteDecision.respond(LocalResponse.status(503));
    }
}
