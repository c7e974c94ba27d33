package dev.sluice.engine.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether a client sends the body of its request as fast as it has to. It may lag behind by the grace, and nobody
 * can save up more than that by having been fast. While the proxy does not read, the client's time stands still.
 */
final class UploadRate {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final int bytesPerSecond;
    private final long grace;
    private final Runnable onTooSlow;
    private long bytes;
    private long lateAt;
    private long pausedAt;
    private boolean paused;
    private @Nullable Future<?> task;

    /** @param grace how far the client may lag behind */
    UploadRate(EventLoop loop, int bytesPerSecond, Duration grace, Runnable onTooSlow) {
        this.loop = loop;
        this.bytesPerSecond = bytesPerSecond;
        this.grace = grace.toNanos();
        this.onTooSlow = onTooSlow;
        this.lateAt = System.nanoTime() + this.grace;
        sleep(this.grace);
    }

    /** So much has come. */
    void received(int more) {
        bytes += more;
    }

    /** The proxy reads no more for the moment. */
    void pause() {
        if (!paused) {
            paused = true;
            pausedAt = System.nanoTime();
        }
    }

    /** The proxy reads again. */
    void resume() {
        if (paused) {
            paused = false;
            lateAt += System.nanoTime() - pausedAt;
        }
    }

    /** The body has ended, or the exchange. */
    void cancel() {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void sleep(long nanos) {
        task = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    /** What has come since the last look has bought the client time. */
    private void look() {
        long now = paused ? pausedAt : System.nanoTime();
        long bought = (long) ((double) bytes / bytesPerSecond * SECOND);
        bytes = 0;
        long left = Math.min(lateAt - now + bought, grace);
        lateAt = now + left;
        if (left > 0) {
            sleep(Math.max(left, SHORTEST_SLEEP));
        } else {
            onTooSlow.run();
        }
    }
}
