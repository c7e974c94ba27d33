package dev.sluice.sso;

import java.time.Instant;

/** Instants as milliseconds, for comparisons on every request. */
final class Times {

    private Times() {}

    /** Milliseconds since the epoch; {@link Instant#MAX} is {@link Long#MAX_VALUE}. */
    static long millis(Instant time) {
        return time.equals(Instant.MAX) ? Long.MAX_VALUE : time.toEpochMilli();
    }

    static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
