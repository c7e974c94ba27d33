package dev.sluice.engine.exchange;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether one upstream can be connected to, as far as anybody has tried: so many failures in a row, and it is left out for a
 * time; then one exchange tries again, for all.
 */
public final class UpstreamHealth {

    private final int mostFailures;
    private final long outForNanos;
    private final LongSupplier nanoClock;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong tryAgainAt = new AtomicLong();

    UpstreamHealth(int mostFailures, long outForNanos, LongSupplier nanoClock) {
        this.mostFailures = mostFailures;
        this.outForNanos = outForNanos;
        this.nanoClock = nanoClock;
    }

    /** Whether others are to be preferred. */
    public boolean isOut() {
        return failures.get() >= mostFailures;
    }

    /** Whether this may be forgotten: nobody would be told to prefer others. */
    boolean isForgettable() {
        return !isOut() || nanoClock.getAsLong() - tryAgainAt.get() >= 0;
    }

    void connected() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    void failed() {
        tryAgainAt.set(nanoClock.getAsLong() + outForNanos);
        failures.updateAndGet(n -> Math.min(n + 1, mostFailures));
    }

    /** Whether the caller is the one to try again now. */
    boolean claimTrial() {
        long at = tryAgainAt.get();
        long now = nanoClock.getAsLong();
        return now - at >= 0 && tryAgainAt.compareAndSet(at, now + outForNanos);
    }
}
