package dev.sluice.engine.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline that is moved often and passes seldom, on one event loop.
 *
 * <p>Moving it writes a field: the task behind it runs every few seconds at most, looks whether the time has come, and
 * goes back to sleep if not. So a request costs no scheduled task.
 */
final class Deadline {

    private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(4);

    private final EventLoop loop;
    private final Runnable onPassed;
    private boolean set;
    private long period;
    private long passesAt;
    private boolean bounded;
    private long latest;
    private @Nullable Future<?> task;
    private long taskAt;

    Deadline(EventLoop loop, Runnable onPassed) {
        this.loop = loop;
        this.onPassed = onPassed;
    }

    /** Lets the deadline pass {@code millis} from now. */
    void set(long millis) {
        set = true;
        period = TimeUnit.MILLISECONDS.toNanos(millis);
        long now = System.nanoTime();
        passAt(now + period);
        if (task == null || passesAt - taskAt < 0) {
            schedule(now);
        }
    }

    /** Starts the current period anew. */
    void touch() {
        passAt(System.nanoTime() + period);
    }

    private void passAt(long at) {
        passesAt = bounded && latest - at < 0 ? latest : at;
    }

    /** However it is set and touched, the deadline passes no later than {@code millis} from now, until {@link #clear}. */
    void bound(long millis) {
        bounded = true;
        latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Whether the time of {@link #bound} has come. */
    boolean boundPassed() {
        return bounded && latest - System.nanoTime() <= 0;
    }

    /** There is no deadline, and no bound, until they are set again. */
    void clear() {
        set = false;
        bounded = false;
    }

    /** For good: nothing is left on the loop. */
    void cancel() {
        set = false;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    private void schedule(long now) {
        if (task != null) {
            task.cancel(false);
        }
        long sleep = Math.min(passesAt - now, LONGEST_SLEEP);
        taskAt = now + sleep;
        task = loop.schedule(this::look, sleep, TimeUnit.NANOSECONDS);
    }

    private void look() {
        task = null;
        if (!set) {
            return;
        }
        long now = System.nanoTime();
        if (passesAt - now <= 0) {
            set = false;
            onPassed.run();
        } else {
            schedule(now);
        }
    }
}
