package dev.sluice.django;

import dev.sluice.api.ForwardListener;
import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.ProxyFailure.Culprit;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Timeouts;
import dev.sluice.api.Trust;
import dev.sluice.django.ResponseHeaders.Shows;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Django's pages, which stand in for an application's answers. */
final class Pages implements ForwardListener {

    /** The client's conditions are about the application's answer, and must not turn a page into a 304 or a 206. */
    private static final HeaderEdits UNCONDITIONAL = HeaderEdits.builder()
            .remove("If-Match")
            .remove("If-None-Match")
            .remove("If-Modified-Since")
            .remove("If-Unmodified-Since")
            .remove("If-Range")
            .remove("Range")
            .build();

    private static final HeaderEdits NOT_STORED =
            HeaderEdits.builder().put("Cache-Control", "no-store").build();

    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final PageTargets targets;
    private final ResponseHeaders headers;
    private final Clock clock;
    private final Forward django;
    private volatile long silentUntil;

    Pages(DjangoLookupConfig config, Clock clock) {
        this.targets = config.pages();
        this.headers = config.responseHeaders();
        this.clock = clock;
        this.django = RouteDecision.forward(config.django())
                .withTrust(Trust.TRUSTED)
                .withTimeouts(Timeouts.INHERIT.withConnect(config.timeout()).withResponseHead(config.timeout()))
                .withListener(this);
    }

    /** Whether Django has just failed to show a page, so that another one in its place would fail too. */
    boolean unavailable() {
        return clock.millis() < silentUntil;
    }

    @Override
    public void onOutcome(ForwardOutcome outcome) {
        boolean silent = !outcome.answered()
                && outcome.failure()
                        .filter(f -> f.kind().culprit() == Culprit.UPSTREAM)
                        .isPresent();
        silentUntil = silent ? clock.millis() + SILENCE.toMillis() : 0;
    }

    RouteDecision spawning(Site site) {
        return page(targets.spawning(), site.values(), headers.edits(Shows.SPAWNING, site, ""));
    }

    /** The page around an application that listens on {@code port}. */
    RouteDecision wrapper(Site site, String port) {
        return page(targets.running(), site.values(), headers.edits(Shows.WRAPPED, site, port));
    }

    RouteDecision forbidden(Site site) {
        return errorPage(targets.forbidden(), site, site.values());
    }

    RouteDecision notFound(Site site) {
        return errorPage(targets.notFound(), site, site.values());
    }

    /** @param id Django's id of the application, empty if it is not known */
    RouteDecision failed(Site site, String id, String message) {
        Map<String, String> values = new HashMap<>(site.valuesWith("message", message));
        values.put("id", id);
        return errorPage(targets.failed(), site, values);
    }

    RouteDecision error(Site site) {
        return errorPage(targets.error(), site, site.values());
    }

    private RouteDecision errorPage(Template target, Site site, Map<String, String> values) {
        return page(target, values, NOT_STORED.then(headers.edits(Shows.ERROR, site, "")));
    }

    private Forward page(Template target, Map<String, String> values, HeaderEdits toClient) {
        return django.withRewrite(Rewrite.NONE.withHeaders(UNCONDITIONAL).asPage(target.fillEncoded(values)))
                .withToClient(toClient);
    }
}
