package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What Django's answer about one host means for one user's requests. */
interface Finding {

    /** What is done with {@code request}; does not block. */
    CompletionStage<RouteDecision> decide(ProxyRequest request);

    /** How long the finding may be used for other requests than those that waited for it. */
    default Duration lifetime() {
        return Duration.ZERO;
    }

    /** False once it has proved wrong. */
    default boolean usable() {
        return true;
    }
}
