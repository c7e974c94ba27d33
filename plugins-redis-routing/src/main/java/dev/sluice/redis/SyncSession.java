package dev.sluice.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One spell of knowing every change: it begins by asking all masters to report changes, then reads every route, then
 * follows the reports; it ends for good at the first sign that a report may have been missed.
 */
final class SyncSession {

    private static final int PAGE = 1000;

    private final RedisNodes.Link link;
    private final String prefix;
    private final KeyReads reads;
    private final Consumer<Throwable> onEnd;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** @param onEnd called once, on any thread, when the session has ended */
    SyncSession(RedisNodes.Link link, String prefix, KeyReads.Sink sink, Consumer<Throwable> onEnd) {
        this.link = link;
        this.prefix = prefix;
        this.reads = new KeyReads(link.connection(), sink, this::end);
        this.onEnd = onEnd;
    }

    /** Completes when every route has been read; a failure ends the session. */
    CompletionStage<Void> start() {
        return onAllMasters(this::track)
                .thenCompose(tracked -> onAllMasters(this::load))
                .whenComplete((loaded, failure) -> {
                    if (failure != null) {
                        end(failure);
                    }
                });
    }

    /** Completes if every master answers, by which every earlier report has arrived; a failure ends the session. */
    CompletionStage<Void> confirm() {
        if (!link.complete()) {
            end(new RedisException("the masters of the cluster have changed"));
        }
        return onAllMasters(master -> master.async().ping().toCompletableFuture())
                .whenComplete((pong, failure) -> {
                    if (failure != null) {
                        end(failure);
                    }
                });
    }

    RedisClusterAsyncCommands<String, String> commands() {
        return link.commands();
    }

    void end(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            stop();
            onEnd.accept(cause);
        }
    }

    /** Ends the session without a word; completes when its connections are closed. */
    CompletionStage<Void> abandon() {
        return ended.compareAndSet(false, true) ? stop() : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> stop() {
        reads.stop();
        return link.close();
    }

    private CompletableFuture<Void> onAllMasters(
            Function<StatefulRedisConnection<String, String>, CompletableFuture<?>> task) {
        return CompletableFuture.allOf(link.masters().stream().map(task).toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<String> track(StatefulRedisConnection<String, String> master) {
        master.addListener(this::onPush);
        master.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                end(new RedisException("the connection was closed"));
            }
        });
        var args = TrackingArgs.Builder.enabled().bcast().prefixes(prefix);
        return master.async().clientTracking(args).toCompletableFuture();
    }

    private void onPush(PushMessage message) {
        if (!message.getType().equals("invalidate")) {
            return;
        }
        Object keys = message.getContent(StringCodec.UTF8::decodeKey).get(1);
        if (keys instanceof List<?> names) {
            reads.refresh(names.stream().map(String.class::cast).toList());
        } else {
            end(new RedisException("the database was flushed"));
        }
    }

    private CompletableFuture<Void> load(StatefulRedisConnection<String, String> master) {
        var loaded = new CompletableFuture<Void>();
        load(master, ScanCursor.INITIAL, loaded);
        return loaded;
    }

    private void load(StatefulRedisConnection<String, String> master, ScanCursor from, CompletableFuture<Void> loaded) {
        var args = ScanArgs.Builder.matches(prefix + "*").limit(PAGE);
        master.async().scan(from, args).whenComplete((page, failure) -> {
            if (failure != null) {
                loaded.completeExceptionally(failure);
            } else {
                reads.refresh(page.getKeys())
                        .thenRun(() -> next(master, page, loaded))
                        .exceptionally(e -> {
                            loaded.completeExceptionally(e);
                            return null;
                        });
            }
        });
    }

    private void next(
            StatefulRedisConnection<String, String> master,
            KeyScanCursor<String> page,
            CompletableFuture<Void> loaded) {
        if (page.isFinished()) {
            loaded.complete(null);
        } else {
            load(master, page, loaded);
        }
    }
}
