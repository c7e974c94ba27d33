package dev.sluice.engine.netty;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Says yes at most once a minute: for the log, where what happens often must be told only sometimes. On any thread. */
final class Seldom {

    private static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong next = new AtomicLong(System.nanoTime());

    boolean now() {
        long at = next.get();
        long now = System.nanoTime();
        return now - at >= 0 && next.compareAndSet(at, now + PERIOD);
    }
}
