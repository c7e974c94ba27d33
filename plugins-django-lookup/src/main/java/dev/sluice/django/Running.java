package dev.sluice.django;

import dev.sluice.api.ForwardListener;
import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The application runs: requests go to it. Decisions are made once, for this is the path of every warm request. */
final class Running implements Finding, ForwardListener {

    private final Forward direct;
    private final CompletionStage<RouteDecision> toApplication;
    private final CompletionStage<RouteDecision> toVisitor;
    private final Duration lifetime;
    private volatile boolean reachable = true;

    /** @param wrapper Django's page around the application, if requests other than WebSockets are shown that */
    Running(Upstream upstream, HeaderEdits toClient, Optional<RouteDecision> wrapper, Duration lifetime) {
        this.direct = RouteDecision.forward(upstream).withToClient(toClient).withListener(this);
        this.toApplication = CompletableFuture.completedFuture(direct);
        this.toVisitor = wrapper.<CompletionStage<RouteDecision>>map(CompletableFuture::completedFuture)
                .orElse(toApplication);
        this.lifetime = lifetime;
    }

    /** The way to the application itself, wrapped or not. */
    Forward direct() {
        return direct;
    }

    @Override
    public CompletionStage<RouteDecision> decide(ProxyRequest request) {
        return request.webSocket() ? toApplication : toVisitor;
    }

    @Override
    public void onOutcome(ForwardOutcome outcome) {
        if (!outcome.answered() && outcome.failure().filter(f -> gone(f.kind())).isPresent()) {
            reachable = false;
        }
    }

    private static boolean gone(Kind kind) {
        return kind == Kind.CONNECT_FAILED || kind == Kind.CONNECT_TIMEOUT || kind == Kind.UPSTREAM_CLOSED;
    }

    @Override
    public Duration lifetime() {
        return lifetime;
    }

    @Override
    public boolean usable() {
        return reachable;
    }
}
