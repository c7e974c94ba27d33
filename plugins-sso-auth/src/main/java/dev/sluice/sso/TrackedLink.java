package dev.sluice.sso;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One spell of hearing every change: it begins by asking all masters to tell of the keys with a prefix, and ends for good
 * at the first sign that a change may have been missed.
 */
final class TrackedLink {

    private final RedisNodes.Link link;
    private final String prefix;
    private final Supplier<SessionStore.Listener> listener;
    private final Consumer<Throwable> onEnd;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean tracked;

    /**
     * @param listener who at the time hears of changed keys, without {@code prefix}, and of a server that was emptied
     * @param onEnd called once, on any thread, when the spell has ended
     */
    TrackedLink(
            RedisNodes.Link link, String prefix, Supplier<SessionStore.Listener> listener, Consumer<Throwable> onEnd) {
        this.link = link;
        this.prefix = prefix;
        this.listener = listener;
        this.onEnd = onEnd;
    }

    /** Completes when every master tells of changes; a failure ends the spell. */
    CompletionStage<Void> start() {
        return onAllMasters(this::track).thenRun(() -> tracked = true).whenComplete(this::endIfFailed);
    }

    /** Ends the spell if a master does not answer, or is not the only one of its slots any more. */
    void confirm() {
        if (link.isComplete()) {
            onAllMasters(master -> master.async().ping().toCompletableFuture()).whenComplete(this::endIfFailed);
        } else {
            end(new RedisException("the masters of the cluster have changed"));
        }
    }

    private void endIfFailed(@Nullable Void done, @Nullable Throwable failure) {
        if (failure != null) {
            end(failure);
        }
    }

    boolean isTracked() {
        return tracked;
    }

    RedisClusterAsyncCommands<String, byte[]> commands() {
        return link.commands();
    }

    void end(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            link.close();
            onEnd.accept(cause);
        }
    }

    /** Ends the spell without a word; completes when its connections are closed. */
    CompletableFuture<Void> abandon() {
        return ended.compareAndSet(false, true) ? link.close() : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> onAllMasters(
            Function<StatefulRedisConnection<String, byte[]>, CompletableFuture<?>> task) {
        return CompletableFuture.allOf(link.masters().stream().map(task).toArray(CompletableFuture<?>[]::new));
    }

    /** This replica's own changes are told too: within scripts, NOLOOP does not leave them out. */
    private CompletableFuture<String> track(StatefulRedisConnection<String, byte[]> master) {
        master.addListener(this::onPush);
        master.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                end(new RedisException("the connection was closed"));
            }
        });
        return master.async()
                .clientTracking(TrackingArgs.Builder.enabled(true).bcast().prefixes(prefix))
                .toCompletableFuture();
    }

    private void onPush(PushMessage message) {
        if (!message.getType().equals("invalidate")) {
            return;
        }
        SessionStore.Listener told = listener.get();
        Object keys = message.getContent(StringCodec.UTF8::decodeKey).get(1);
        if (keys instanceof List<?> changed) {
            changed.forEach(key -> told.changed(key.toString().substring(prefix.length())));
        } else {
            told.lost(); // everything was flushed
            told.regained();
        }
    }
}
