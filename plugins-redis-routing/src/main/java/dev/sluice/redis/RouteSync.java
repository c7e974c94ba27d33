package dev.sluice.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the table in force equal to what Redis holds: one {@link SyncSession} after the other, each filling a table of its
 * own that takes the other's place when it is whole.
 */
final class RouteSync implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSync.class);
    private static final long CONFIRM_MS = 1000;
    private static final long CLOSE_MS = 1000;
    private static final long FIRST_RETRY_MS = 20;
    private static final long LAST_RETRY_MS = 1000;

    private final RedisNodes nodes;
    private final String prefix;
    private final LiveRoutes live;
    private final RouteWriter writer;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();

    private CompletionStage<?> connecting = CompletableFuture.completedFuture(null);
    private @Nullable SyncSession session;
    private @Nullable ScheduledFuture<?> confirming;
    private String complaint = "";
    private int attempts;
    private boolean closed;

    RouteSync(
            RedisNodes nodes,
            String prefix,
            LiveRoutes live,
            RouteWriter writer,
            ScheduledExecutorService timer,
            Clock clock) {
        this.nodes = nodes;
        this.prefix = prefix;
        this.live = live;
        this.writer = writer;
        this.timer = timer;
        this.clock = clock;
    }

    /** Completes when the first attempt to fill the table has ended, well or not; further ones follow by themselves. */
    CompletionStage<Void> start() {
        connect();
        synchronized (this) {
            confirming = timer.scheduleWithFixedDelay(this::confirm, CONFIRM_MS, CONFIRM_MS, TimeUnit.MILLISECONDS);
        }
        return firstAttempt;
    }

    /** For commands beside the routes; null while Redis is away. */
    synchronized @Nullable RedisClusterAsyncCommands<String, String> commands() {
        return session == null ? null : session.commands();
    }

    private void connect() {
        CompletionStage<RedisNodes.Link> attempt;
        synchronized (this) {
            if (closed) {
                return;
            }
            attempt = attempt();
            connecting = attempt;
        }
        attempt.whenComplete((link, failure) -> {
            if (failure != null) {
                retry(failure);
            } else {
                begin(link);
            }
        });
    }

    /** Nothing may escape here: the attempt after this one would not be made. */
    private CompletionStage<RedisNodes.Link> attempt() {
        try {
            return nodes.connect();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void begin(RedisNodes.Link link) {
        var table = new RouteTable();
        var begun = new SyncSession(
                link, prefix, (key, hash, ttl) -> writer.write(table, live.table(), key, hash, ttl), this::ended);
        synchronized (this) {
            if (closed) {
                link.close();
                return;
            }
            session = begun;
        }
        begun.start().thenRun(() -> synced(begun, table));
    }

    private synchronized void synced(SyncSession from, RouteTable table) {
        if (session != from) {
            return;
        }
        live.synced(table, clock.millis());
        attempts = 0;
        complaint = "";
        LOG.info("in sync with Redis: {} routes", table.size());
        firstAttempt.complete(null);
    }

    private void confirm() {
        SyncSession current;
        synchronized (this) {
            current = session;
        }
        if (current != null) {
            long asked = clock.millis();
            try {
                current.confirm().thenRun(() -> live.confirmed(asked));
            } catch (RuntimeException e) {
                current.end(e);
            }
        }
    }

    private void ended(Throwable cause) {
        synchronized (this) {
            session = null;
        }
        retry(cause);
    }

    private synchronized void retry(Throwable cause) {
        if (closed) {
            return;
        }
        String reason = reason(cause);
        live.lost(reason);
        if (!reason.equals(complaint)) {
            LOG.warn("out of touch with Redis: {}", reason);
            complaint = reason;
        }
        firstAttempt.complete(null);
        long delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS << Math.min(attempts++, 10));
        long spread = delay / 2 + ThreadLocalRandom.current().nextLong(delay);
        try {
            timer.schedule(this::connect, spread, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the proxy has stopped: no further attempt");
        }
    }

    /** What failed and why at bottom: {@code Unable to connect to …: WRONGPASS …}. */
    private static String reason(Throwable failure) {
        Throwable what =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Throwable why = what;
        while (why.getCause() != null) {
            why = why.getCause();
        }
        String message = message(what);
        return why == what || message.contains(message(why)) ? message : message + ": " + message(why);
    }

    private static String message(Throwable failure) {
        return InvalidRouteException.quotable(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }

    @Override
    public void close() {
        SyncSession last;
        CompletionStage<?> underWay;
        synchronized (this) {
            closed = true;
            underWay = connecting;
            last = session;
            session = null;
            if (confirming != null) {
                confirming.cancel(false);
            }
        }
        // A connection that is still being made when its event loop ends never releases its buffers.
        awaitEnd(underWay);
        if (last != null) {
            awaitEnd(last.abandon());
        }
        nodes.close();
    }

    private static void awaitEnd(CompletionStage<?> stage) {
        stage.handle((value, failure) -> true)
                .toCompletableFuture()
                .completeOnTimeout(true, CLOSE_MS, TimeUnit.MILLISECONDS)
                .join();
    }
}
