package dev.sluice.engine.exchange;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many exchanges one upstream has at once, over all event loops, and who waits for one of them to end: first come, first
 * served. Without a lock; as long as there is room, one number changes and nothing is made.
 */
public final class UpstreamPlaces {

    private static final int RETIRED = Integer.MIN_VALUE;

    private final int most;
    private final int mostWaiting;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger handingOver = new AtomicInteger();
    private final Queue<Waiter> queue = new ConcurrentLinkedQueue<>();

    private static final class Waiter extends CompletableFuture<UpstreamPlaces> {
        private final long until;

        Waiter(long until) {
            this.until = until;
        }
    }

    UpstreamPlaces(int most, int mostWaiting) {
        this.most = most;
        this.mostWaiting = mostWaiting;
    }

    /** How many are taken. */
    public int taken() {
        return Math.max(0, taken.get());
    }

    /** How many exchanges wait for one, less those who have lost their patience and stand there still. */
    public int waiting() {
        if (waiting.get() == 0) {
            return 0;
        }
        long now = System.nanoTime();
        return (int) queue.stream().filter(waiter -> waiter.until - now > 0).count();
    }

    boolean hasRoom() {
        return taken.get() < most && queue.isEmpty();
    }

    /** Takes a place if there is one that nobody waits for. Whoever has one has to {@link #leave}. */
    boolean tryEnter() {
        return queue.isEmpty() && take();
    }

    /**
     * A place as soon as it is this one's turn.
     *
     * @param patience after which nobody is interested any more
     * @return may complete on any thread; fails at once if too many wait already
     */
    CompletionStage<UpstreamPlaces> enter(Duration patience) {
        if (waiting.incrementAndGet() > mostWaiting) {
            handOver(); // which forgets those who have lost their patience
            if (waiting.get() > mostWaiting) {
                waiting.decrementAndGet();
                return CompletableFuture.failedFuture(new RejectedExecutionException(
                        most + " exchanges under way with the upstream, " + mostWaiting + " waiting"));
            }
        }
        Waiter waiter = new Waiter(System.nanoTime() + patience.toNanos());
        queue.add(waiter);
        handOver();
        if (retired()) {
            waiter.completeExceptionally(new RejectedExecutionException("forgotten just now"));
        }
        return waiter;
    }

    /** Gives the place to whoever is next. */
    void leave() {
        taken.decrementAndGet();
        if (waiting.get() > 0) {
            handOver();
        }
    }

    /** Nobody gets a place any more; only if nobody has one. */
    boolean retire() {
        return waiting.get() == 0 && taken.compareAndSet(0, RETIRED);
    }

    boolean retired() {
        return taken.get() < 0;
    }

    private boolean take() {
        int now = taken.get();
        while (now >= 0 && now < most) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    /** By one thread at a time, which looks again for what the others came for; so one who leaves at once does not recurse. */
    private void handOver() {
        if (handingOver.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            forgetImpatient();
            while (!queue.isEmpty() && take()) {
                next().complete(this);
            }
            seen = handingOver.addAndGet(-seen);
        } while (seen != 0);
    }

    /** All have the same patience, so that those who lose it are the first. */
    private void forgetImpatient() {
        long now = System.nanoTime();
        for (Waiter first = queue.peek(); first != null && first.until - now <= 0; first = queue.peek()) {
            next();
        }
    }

    private Waiter next() {
        waiting.decrementAndGet();
        return queue.remove();
    }
}
