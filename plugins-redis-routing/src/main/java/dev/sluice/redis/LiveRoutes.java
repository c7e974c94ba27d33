package dev.sluice.redis;

import dev.sluice.api.Readiness;
import java.time.Duration;
import java.time.Instant;

/** The table in force, and how far it can be relied on. */
final class LiveRoutes {

    /** How far the table can be relied on. */
    enum Freshness {
        /** It holds what Redis holds: what is not in it does not exist. */
        IN_SYNC,
        /** Changes may have been missed, but not for long. */
        STALE,
        /** It was never filled, or for too long nothing is known of changes. */
        UNUSABLE
    }

    private final Duration staleness;
    private volatile RouteTable table = new RouteTable();
    private volatile boolean inSync;
    private volatile boolean filled;
    private volatile long confirmed;
    private volatile String reason = "not connected yet";

    /** @param staleness how long the table is of use when nothing is heard of changes */
    LiveRoutes(Duration staleness) {
        this.staleness = staleness;
    }

    RouteTable table() {
        return table;
    }

    Freshness freshness(long now) {
        if (inSync) {
            return Freshness.IN_SYNC;
        }
        return filled && now - confirmed <= staleness.toMillis() ? Freshness.STALE : Freshness.UNUSABLE;
    }

    void synced(RouteTable table, long now) {
        this.table = table;
        confirmed = now;
        filled = true;
        inSync = true;
    }

    /** Every change before {@code time} has been heard of. */
    void confirmed(long time) {
        confirmed = time;
    }

    void lost(String reason) {
        this.reason = reason;
        inSync = false;
    }

    Readiness readiness(long now) {
        return switch (freshness(now)) {
            case IN_SYNC -> Readiness.READY;
            case STALE ->
                Readiness.notReady(
                        "redis-routes: out of touch with Redis since " + Instant.ofEpochMilli(confirmed) + " (" + reason
                                + "); known routes are served until "
                                + Instant.ofEpochMilli(confirmed).plus(staleness));
            case UNUSABLE -> Readiness.notReady("redis-routes: no routes from Redis (" + reason + ")");
        };
    }
}
