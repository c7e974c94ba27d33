package dev.sluice.api;

import java.util.Objects;

/**
 * Whether a plugin can do its work now.
 *
 * @param ready false while the plugin would have to refuse requests that it could serve otherwise
 * @param reason for people: what is missing; empty when ready. It may be shown to operators, so it holds no secret.
 */
public record Readiness(boolean ready, String reason) {

    /** Able to serve. */
    public static final Readiness READY = new Readiness(true, "");

    public Readiness {
        Objects.requireNonNull(reason, "reason");
    }

    /** Not able to serve, and why. */
    public static Readiness notReady(String reason) {
        return new Readiness(false, reason);
    }
}
