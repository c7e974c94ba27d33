package dev.sluice.api;

import java.util.Objects;
import java.util.Optional;

/**
 * How the forwarding of one request ended.
 *
 * @param status the upstream's status; 0 if no response's head arrived
 * @param failure why it ended early; empty if the whole response was relayed, or the tunnel closed in order
 */
public record ForwardOutcome(int status, Optional<ProxyFailure> failure) {
    public ForwardOutcome {
        Objects.requireNonNull(failure, "failure");
    }

    /** Whether the upstream answered at all. */
    public boolean answered() {
        return status != 0;
    }

    /** Whether the answer was relayed to its end. */
    public boolean completed() {
        return failure.isEmpty();
    }
}
