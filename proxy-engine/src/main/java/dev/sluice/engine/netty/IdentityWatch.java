package dev.sluice.engine.netty;

import dev.sluice.api.Identity;
import dev.sluice.api.Revocation;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches, for one long exchange, whether the identity that it runs under has ended: by time, or by revocation. */
final class IdentityWatch {

    /** A task cannot be scheduled for all eternity; a later end is looked at again. */
    private static final Duration LONGEST_SLEEP = Duration.ofDays(1);

    private final EventLoop loop;
    private final Clock clock;
    private final Instant validUntil;
    private final Runnable onEnd;
    private @Nullable Future<?> task;
    private Revocation.@Nullable Subscription subscription;
    private boolean over;

    private IdentityWatch(EventLoop loop, Clock clock, Instant validUntil, Runnable onEnd) {
        this.loop = loop;
        this.clock = clock;
        this.validUntil = validUntil;
        this.onEnd = onEnd;
    }

    /** Calls {@code onEnd} on {@code loop}, at most once, when {@code identity} ends. */
    static IdentityWatch start(Identity identity, EventLoop loop, Clock clock, Runnable onEnd) {
        IdentityWatch watch = new IdentityWatch(loop, clock, identity.validUntil(), onEnd);
        if (identity.validUntil().isBefore(Instant.MAX)) {
            watch.sleep();
        }
        if (identity.revocation() != Revocation.NEVER) {
            watch.subscription = identity.revocation().onRevoked(() -> loop.execute(watch::end));
        }
        return watch;
    }

    void cancel() {
        over = true;
        if (task != null) {
            task.cancel(false);
        }
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private void sleep() {
        Duration left = Duration.between(clock.instant(), validUntil);
        Duration sleep = left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
        task = loop.schedule(this::look, sleep.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (clock.instant().isBefore(validUntil)) {
            sleep();
        } else {
            end();
        }
    }

    private void end() {
        if (!over) {
            cancel();
            onEnd.run();
        }
    }
}
