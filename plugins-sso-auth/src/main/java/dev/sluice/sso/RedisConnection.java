package dev.sluice.sso;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis, through one {@link TrackedLink} after the other. What is asked while none stands fails at once; so
 * whatever is read, is read where its changes are told.
 */
final class RedisConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisConnection.class);
    private static final Duration CONFIRM = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final long FIRST_RETRY_MS = 20;
    private static final long LAST_RETRY_MS = 1000;

    private final RedisNodes nodes;
    private final String prefix;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> confirming;
    private volatile SessionStore.Listener listener = SessionStore.Listener.NONE;
    private volatile @Nullable TrackedLink link;
    private String complaint = "";
    private int attempts;
    private boolean closed;

    private RedisConnection(RedisNodes nodes, String prefix, ScheduledExecutorService timer) {
        this.nodes = nodes;
        this.prefix = prefix;
        this.timer = timer;
        this.confirming = timer.scheduleWithFixedDelay(
                this::confirm, CONFIRM.toMillis(), CONFIRM.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Begins to connect, and to hear of the keys with {@code prefix}; does not wait for either. */
    static RedisConnection open(RedisNodes nodes, String prefix, ScheduledExecutorService timer) {
        RedisConnection connection = new RedisConnection(nodes, prefix, timer);
        connection.connect();
        return connection;
    }

    /** Sets who hears of changed keys, without their prefix. */
    void listen(SessionStore.Listener listener) {
        this.listener = listener;
    }

    boolean isUp() {
        TrackedLink known = link;
        return known != null && known.isTracked();
    }

    /** The answer to a command on one key, or {@link SsoFailure.Kind#UNAVAILABLE}. */
    <T> CompletionStage<T> ask(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        TrackedLink asked = link;
        if (asked == null || !asked.isTracked()) {
            return CompletableFuture.failedFuture(SsoFailure.unavailable("session store: not connected", null));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        Calls.caught(() -> command.apply(asked.commands())).whenComplete((value, error) -> {
            if (error == null) {
                answer.complete(value);
                return;
            }
            if (isOver(error)) {
                asked.end(error);
            }
            answer.completeExceptionally(SsoFailure.unavailable("session store: " + kind(error), error));
        });
        return answer;
    }

    /**
     * Whether the server hangs, or is no master any more. Redis 6 says the latter within another error when it is a script
     * that writes.
     */
    private static boolean isOver(Throwable error) {
        return SsoFailure.unwrapped(error) instanceof RedisCommandTimeoutException
                || String.valueOf(error.getMessage()).contains("READONLY");
    }

    private void connect() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        Calls.caught(nodes::connect).whenComplete((made, error) -> {
            if (error == null) {
                begin(made);
            } else {
                retry(error);
            }
        });
    }

    private void begin(RedisNodes.Link made) {
        TrackedLink begun = new TrackedLink(made, prefix, () -> listener, this::ended);
        synchronized (this) {
            if (closed) {
                made.close();
                return;
            }
            link = begun;
        }
        begun.start().thenRun(() -> tracked(begun));
    }

    private void tracked(TrackedLink begun) {
        synchronized (this) {
            if (link != begun) {
                return;
            }
            if (!complaint.isEmpty()) {
                LOG.info("session store: in touch with Redis again");
            }
            complaint = "";
            attempts = 0;
        }
        listener.regained();
    }

    private void ended(Throwable cause) {
        boolean was;
        synchronized (this) {
            was = isUp();
            link = null;
        }
        if (was) {
            listener.lost();
        }
        retry(cause);
    }

    private synchronized void retry(Throwable cause) {
        if (closed) {
            return;
        }
        String reason = reason(cause);
        if (!reason.equals(complaint)) {
            LOG.warn("session store: out of touch with Redis: {}", reason);
            complaint = reason;
        }
        long delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS << Math.min(attempts++, 10));
        long spread = delay / 2 + ThreadLocalRandom.current().nextLong(delay);
        try {
            timer.schedule(this::connect, spread, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the proxy has stopped: no further attempt");
        }
    }

    private void confirm() {
        TrackedLink known = link;
        if (known != null) {
            try {
                known.confirm();
            } catch (RuntimeException e) {
                known.end(e);
            }
        }
    }

    @Override
    public void close() {
        TrackedLink last;
        synchronized (this) {
            closed = true;
            last = link;
            link = null;
        }
        confirming.cancel(false);
        if (last != null) {
            last.abandon()
                    .completeOnTimeout(null, CLOSE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
        nodes.close();
    }

    /** The exception's class: what Lettuce says of a command may quote its arguments. */
    private static String kind(Throwable error) {
        return SsoFailure.unwrapped(error).getClass().getSimpleName();
    }

    /** What is at the bottom of a failed connection: {@code Connection refused …}, {@code WRONGPASS …}. */
    private static String reason(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
