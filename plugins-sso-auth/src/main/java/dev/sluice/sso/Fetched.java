package dev.sluice.sso;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something fetched from the provider and kept. It is fetched once for all who ask, again when it is old, and never more
 * often than once in the cool-down, whoever asks for it.
 */
final class Fetched<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Fetched.class);

    private final Supplier<CompletionStage<T>> fetch;
    private final Clock clock;
    private final long coolDown;
    private final long age;
    private @Nullable CompletableFuture<T> running;
    private @Nullable Throwable failure;
    private long askedAt = Long.MIN_VALUE;
    private long fetchedAt;
    private volatile @Nullable T value;

    Fetched(Supplier<CompletionStage<T>> fetch, Clock clock, Duration coolDown, Duration age) {
        this.fetch = fetch;
        this.clock = clock;
        this.coolDown = coolDown.toMillis();
        this.age = age.toMillis();
    }

    boolean isThere() {
        return value != null;
    }

    /** What is known; it is fetched if nothing is, and in the background if it is old. */
    CompletionStage<T> get() {
        T known = value;
        if (known == null) {
            return again();
        }
        if (isOld()) {
            again();
        }
        return CompletableFuture.completedFuture(known);
    }

    private synchronized boolean isOld() {
        return clock.millis() - fetchedAt > age;
    }

    /** Fetches, unless that was done within the cool-down: then what came of it. */
    CompletionStage<T> again() {
        CompletableFuture<T> mine = new CompletableFuture<>();
        synchronized (this) {
            if (running != null) {
                return running;
            }
            long now = clock.millis();
            if (askedAt != Long.MIN_VALUE && now - askedAt < coolDown) {
                T known = value;
                return known != null
                        ? CompletableFuture.completedFuture(known)
                        : CompletableFuture.failedFuture(
                                failure != null ? failure : SsoFailure.unavailable("not fetched", null));
            }
            askedAt = now;
            running = mine;
        }
        Calls.caught(fetch).whenComplete((fetched, error) -> {
            synchronized (this) {
                running = null;
                failure = error == null ? null : SsoFailure.unwrapped(error);
                if (error == null) {
                    value = fetched;
                    fetchedAt = clock.millis();
                }
            }
            if (error == null) {
                mine.complete(fetched);
            } else {
                LOG.warn("{}", SsoFailure.unwrapped(error).toString());
                mine.completeExceptionally(SsoFailure.unwrapped(error));
            }
        });
        return mine;
    }
}
