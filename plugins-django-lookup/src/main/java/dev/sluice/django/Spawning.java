package dev.sluice.django;

import dev.sluice.api.Fallback;
import dev.sluice.api.ForwardListener;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Unready;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The application is starting. Once it has an address, requests that can be repeated try it, and fall back to the
 * spawning page; the response to the first that succeeds is the application's own, for some set a cookie on their very
 * first response only.
 */
final class Spawning implements Finding {

    private static final Set<Kind> NOT_YET =
            Set.of(Kind.CONNECT_FAILED, Kind.CONNECT_TIMEOUT, Kind.RESPONSE_TIMEOUT, Kind.UPSTREAM_CLOSED);

    private final Site site;
    private final Optional<Running> running;
    private final LookupContext context;
    private final Duration lifetime;
    private final AtomicBoolean answered = new AtomicBoolean();

    /** @param running what is known to run once it answers; empty while there is no address */
    Spawning(Site site, Optional<Running> running, LookupContext context, Duration lifetime) {
        this.site = site;
        this.running = running;
        this.context = context;
        this.lifetime = lifetime;
    }

    @Override
    public CompletionStage<RouteDecision> decide(ProxyRequest request) {
        Unready notYet = unready(request);
        if (running.isEmpty()) {
            return CompletableFuture.completedFuture(notYet);
        }
        if (answered.get()) {
            return running.get().decide(request);
        }
        if (!context.intent().repeatable(request)) {
            return CompletableFuture.completedFuture(notYet);
        }
        return CompletableFuture.completedFuture(running.get()
                .direct()
                .withTimeouts(context.probe())
                .withFallback(new Fallback(NOT_YET, notYet))
                .withListener(firstAnswer(request)));
    }

    private Unready unready(ProxyRequest request) {
        RouteDecision page = context.intent().wantsPage(request)
                ? context.pages().spawning(site)
                : RouteDecision.respond(LocalResponse.status(503));
        return new Unready(context.retryAfter(), page);
    }

    private ForwardListener firstAnswer(ProxyRequest request) {
        return new ForwardListener() {
            @Override
            public void onResponse(int status) {
                // Half-started applications sit behind a server of their own that says that they are not there yet.
                boolean started = status != 502 && status != 503;
                if (started && answered.compareAndSet(false, true)) {
                    context.control().markRunning(site, request);
                }
            }
        };
    }

    @Override
    public Duration lifetime() {
        return lifetime;
    }

    @Override
    public boolean usable() {
        return running.isEmpty() || running.get().usable();
    }
}
