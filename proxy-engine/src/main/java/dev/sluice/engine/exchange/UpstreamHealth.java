package dev.sluice.engine.exchange;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether others are to be preferred to one upstream. As far as exchanges have tried: so many failures to connect in a row,
 * and it is left out for a time; then one exchange tries again, for all. And as far as it is probed: while a probe says that
 * it is down, nobody tries.
 */
public final class UpstreamHealth {

    private final int mostFailures;
    private final long outForNanos;
    private final LongSupplier nanoClock;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong tryAgainAt = new AtomicLong();
    private final AtomicInteger probes = new AtomicInteger();
    private final AtomicInteger probesThatSayDown = new AtomicInteger();

    UpstreamHealth(int mostFailures, long outForNanos, LongSupplier nanoClock) {
        this.mostFailures = mostFailures;
        this.outForNanos = outForNanos;
        this.nanoClock = nanoClock;
    }

    /** Whether others are to be preferred. */
    public boolean isOut() {
        return keepsFailing() || isDown();
    }

    /** Whether there is a probe. */
    public boolean isProbed() {
        return probes.get() > 0;
    }

    /** Whether a probe says that the upstream is not well. */
    public boolean isDown() {
        return probesThatSayDown.get() > 0;
    }

    /** Whether this may be forgotten: nobody would be told to prefer others. */
    boolean isForgettable() {
        return !isProbed() && (!keepsFailing() || nanoClock.getAsLong() - tryAgainAt.get() >= 0);
    }

    private boolean keepsFailing() {
        return failures.get() >= mostFailures;
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
        return !isDown() && now - at >= 0 && tryAgainAt.compareAndSet(at, now + outForNanos);
    }

    void probeBegins() {
        probes.incrementAndGet();
    }

    void probeEnds() {
        probes.decrementAndGet();
    }

    void probeSaysDown() {
        probesThatSayDown.incrementAndGet();
    }

    void probeSaysUp() {
        probesThatSayDown.decrementAndGet();
    }
}
