package dev.sluice.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved; in UTC. May be used on any thread. */
public final class ManualClock extends Clock {

    private volatile Instant now;

    /** A clock that shows noon of a summer's day in 2030. */
    public ManualClock() {
        this(Instant.parse("2030-06-01T12:00:00Z"));
    }

    public ManualClock(Instant now) {
        this.now = now;
    }

    /** Moves the clock forward, or backward if {@code step} is negative, as a clock that is being set may go. */
    public synchronized void advance(Duration step) {
        now = now.plus(step);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** @throws UnsupportedOperationException always: a copy would not move along */
    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a manual clock is in UTC");
    }
}
