package dev.sluice.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer that runs nothing by itself: {@link #advance} moves its clock, and runs on the calling thread what has become
 * due, each task at its own time. Tasks may be scheduled and cancelled on any thread.
 */
public final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {

    private final ManualClock clock;
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>, Instant>comparing(t -> t.due).thenComparing(t -> t.number));
    private long scheduled;
    private boolean shutdown;

    public ManualTimer(ManualClock clock) {
        this.clock = clock;
    }

    /** Moves the clock forward by {@code step}, running what becomes due on the way, tasks scheduled by tasks included. */
    public void advance(Duration step) {
        Instant end = clock.instant().plus(step);
        for (Task<?> task = nextDue(end); task != null; task = nextDue(end)) {
            if (task.due.isAfter(clock.instant())) {
                clock.advance(Duration.between(clock.instant(), task.due));
            }
            task.runOnce();
        }
        clock.advance(Duration.between(clock.instant(), end));
    }

    /** The number of tasks that wait. */
    public synchronized int pending() {
        return tasks.size();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(new Task<>(Executors.callable(command), delay, unit, null, false));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(new Task<>(callable, delay, unit, null, false));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        Duration every = Duration.of(period, unit.toChronoUnit());
        return add(new Task<>(Executors.callable(command), initialDelay, unit, every, false));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        Duration every = Duration.of(delay, unit.toChronoUnit());
        return add(new Task<>(Executors.callable(command), initialDelay, unit, every, true));
    }

    /** Due at once, and run by the next {@link #advance}. */
    @Override
    public void execute(Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> dropped = new ArrayList<>(tasks);
        tasks.clear();
        return dropped;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    /** Does not wait: nothing happens unless the test makes it happen. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    private synchronized <T> Task<T> add(Task<T> task) {
        if (shutdown) {
            throw new RejectedExecutionException("the timer is shut down");
        }
        tasks.add(task);
        return task;
    }

    private synchronized @Nullable Task<?> nextDue(Instant end) {
        Task<?> next = tasks.peek();
        return next == null || next.due.isAfter(end) ? null : tasks.poll();
    }

    private synchronized void again(Task<?> task) {
        if (!shutdown && !task.isDone()) {
            tasks.add(task);
        }
    }

    private synchronized void forget(Task<?> task) {
        tasks.remove(task);
    }

    private synchronized long nextNumber() {
        return scheduled++;
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long number = nextNumber();
        private final @Nullable Duration every;
        private final boolean fromItsEnd;
        private Instant due;

        Task(Callable<V> callable, long delay, TimeUnit unit, @Nullable Duration every, boolean fromItsEnd) {
            super(callable);
            this.every = every;
            this.fromItsEnd = fromItsEnd;
            this.due = clock.instant().plus(Duration.of(Math.max(0, delay), unit.toChronoUnit()));
        }

        void runOnce() {
            if (every == null) {
                run();
            } else if (runAndReset()) {
                due = (fromItsEnd ? clock.instant() : due).plus(every);
                again(this);
            }
        }

        @Override
        protected void done() {
            if (isCancelled()) {
                forget(this);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(clock.instant(), due));
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
