package dev.sluice.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.MapOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
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

    private final StatefulConnection<String, String> connection;
    private final Sink sink;
    private final Consumer<Throwable> onFailure;
    private final Set<String> inFlight = new HashSet<>();
    private final Map<String, CompletableFuture<Void>> waiting = new LinkedHashMap<>();
    private boolean stopped;

    KeyReads(StatefulConnection<String, String> connection, Sink sink, Consumer<Throwable> onFailure) {
        this.connection = connection;
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

    /** In one batch: a write to the socket for each of many thousand commands would take most of the time. */
    private synchronized void next() {
        List<RedisCommand<String, String, ?>> batch = new ArrayList<>();
        var each = waiting.entrySet().iterator();
        while (!stopped && inFlight.size() < LIMIT && each.hasNext()) {
            var entry = each.next();
            if (inFlight.add(entry.getKey())) {
                each.remove();
                read(entry.getKey(), entry.getValue(), batch);
            }
        }
        if (!batch.isEmpty()) {
            connection.dispatch(batch);
        }
    }

    private void read(String key, CompletableFuture<Void> shown, List<RedisCommand<String, String, ?>> batch) {
        var hash = command(CommandType.HGETALL, key, new MapOutput<>(StringCodec.UTF8));
        var ttl = command(CommandType.PTTL, key, new IntegerOutput<>(StringCodec.UTF8));
        hash.handle(KeyReads::unlessOfAnotherType)
                .thenAcceptBoth(ttl, (fields, millis) -> sink.show(key, fields, millis))
                .whenComplete((done, failure) -> ended(key, shown, failure));
        batch.add(hash);
        batch.add(ttl);
    }

    private static <T> AsyncCommand<String, String, T> command(
            CommandType type, String key, CommandOutput<String, String, T> output) {
        return new AsyncCommand<>(new Command<>(type, output, new CommandArgs<>(StringCodec.UTF8).addKey(key)));
    }

    private static @Nullable Map<String, String> unlessOfAnotherType(
            @Nullable Map<String, String> fields, @Nullable Throwable failure) {
        if (failure != null && !wrongType(failure)) {
            throw new CompletionException(failure);
        }
        return failure == null ? fields : null;
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
