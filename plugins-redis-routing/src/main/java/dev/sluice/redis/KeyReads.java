package dev.sluice.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys, a bounded number at a time. A key is never read twice at once, so that what is shown last was asked for last
 * even where the two questions would have gone to different servers; a key that changes often is read once for many
 * changes.
 */
final class KeyReads {

    /** Shown what a key holds; called on Redis' threads, for one key by one thread at a time. */
    interface Sink {
        /**
         * The key as it is now.
         *
         * @param hash empty if the key does not exist, null if it holds something else than a hash
         * @param ttl as PTTL answers: milliseconds, negative for none
         */
        void show(String key, @Nullable Map<String, String> hash, long ttl);
    }

    private static final int LIMIT = 1024;

    private final RedisClusterAsyncCommands<String, String> commands;
    private final Sink sink;
    private final Consumer<Throwable> onFailure;
    private final Set<String> inFlight = new HashSet<>();
    private final Map<String, CompletableFuture<Void>> waiting = new LinkedHashMap<>();
    private boolean stopped;

    KeyReads(RedisClusterAsyncCommands<String, String> commands, Sink sink, Consumer<Throwable> onFailure) {
        this.commands = commands;
        this.sink = sink;
        this.onFailure = onFailure;
    }

    /** Completes when all keys have been read, and shown, after this call; never after a failure. */
    synchronized CompletableFuture<Void> refresh(Collection<String> keys) {
        var shown = keys.stream()
                .map(key -> waiting.computeIfAbsent(key, k -> new CompletableFuture<>()))
                .toArray(CompletableFuture<?>[]::new);
        next();
        return CompletableFuture.allOf(shown);
    }

    /** Reads nothing more. */
    synchronized void stop() {
        stopped = true;
        waiting.clear();
    }

    private synchronized void next() {
        var each = waiting.entrySet().iterator();
        while (!stopped && inFlight.size() < LIMIT && each.hasNext()) {
            var entry = each.next();
            if (inFlight.add(entry.getKey())) {
                each.remove();
                read(entry.getKey(), entry.getValue());
            }
        }
    }

    private void read(String key, CompletableFuture<Void> shown) {
        var hash = commands.hgetall(key).handle((fields, failure) -> {
            if (failure != null && !wrongType(failure)) {
                throw new CompletionException(failure);
            }
            return failure == null ? fields : null;
        });
        hash.thenAcceptBoth(commands.pttl(key), (fields, ttl) -> sink.show(key, fields, ttl))
                .whenComplete((done, failure) -> ended(key, shown, failure));
    }

    private void ended(String key, CompletableFuture<Void> shown, @Nullable Throwable failure) {
        if (failure != null) {
            onFailure.accept(failure);
            return;
        }
        synchronized (this) {
            inFlight.remove(key);
        }
        shown.complete(null);
        next();
    }

    private static boolean wrongType(Throwable failure) {
        return failure instanceof RedisCommandExecutionException && ("" + failure.getMessage()).startsWith("WRONGTYPE");
    }
}
