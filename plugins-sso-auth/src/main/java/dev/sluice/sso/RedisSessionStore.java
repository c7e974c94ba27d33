package dev.sluice.sso;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Range;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that all replicas share. A record is a hash {@code <prefix>session:<key>} with the fields {@code r} (sealed
 * record), {@code v} (version) and {@code x} (end, in milliseconds).
 *
 * <p>Redis tells every replica of each change under the prefix (client-side caching in broadcasting mode), so that
 * deleting a key, by whomever, is all that it takes to end a session everywhere.
 */
final class RedisSessionStore implements SessionStore {

    private static final Logger LOG = LoggerFactory.getLogger(RedisSessionStore.class);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);
    /** Lets channels that are being closed release their buffers. */
    private static final Duration SHUTDOWN_QUIET = Duration.ofMillis(50);

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final RedisClient client;
    private final RedisURI uri;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final String prefix;
    private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
    private volatile boolean heard;
    private volatile boolean closed;
    private volatile @Nullable Listener listener;

    RedisSessionStore(RedisURI uri, String prefix, Clock clock, ScheduledExecutorService timer) {
        this.uri = uri;
        this.prefix = prefix;
        this.clock = clock;
        this.timer = timer;
        uri.setTimeout(COMMAND_TIMEOUT);
        client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP3)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(COMMAND_TIMEOUT))
                .build());
        client.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                StatefulRedisConnection<String, byte[]> known = connection;
                if (known == handler) {
                    track(known);
                }
            }

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                if (connection == handler) {
                    lost();
                }
            }
        });
        connect();
    }

    private void connect() {
        client.connectAsync(CODEC, uri).whenComplete((made, error) -> {
            if (closed) {
                if (made != null) {
                    made.closeAsync();
                }
            } else if (error != null) {
                LOG.warn("session store: no connection to Redis ({}), trying again", kind(error));
                timer.schedule(this::connect, RETRY.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                made.addListener(this::pushed);
                connection = made;
                track(made);
            }
        });
    }

    /** Asks Redis to push changes, this replica's own among them (within scripts, NOLOOP does not leave them out). */
    private void track(StatefulRedisConnection<String, byte[]> to) {
        to.async()
                .clientTracking(TrackingArgs.Builder.enabled(true).bcast().prefixes(prefix + "session:"))
                .whenComplete((ok, error) -> {
                    if (error != null) {
                        LOG.warn(
                                "session store: Redis does not push changes ({}); version 6 or later does",
                                kind(error));
                        return;
                    }
                    heard = true;
                    Listener told = listener;
                    if (told != null) {
                        told.regained();
                    }
                });
    }

    private void lost() {
        if (heard && !closed) {
            heard = false;
            LOG.warn("session store: the connection to Redis is lost");
            Listener told = listener;
            if (told != null) {
                told.lost();
            }
        }
    }

    private void pushed(PushMessage message) {
        Listener told = listener;
        if (told == null || !message.getType().equals("invalidate")) {
            return;
        }
        Object keys = message.getContent(StringCodec.UTF8::decodeKey).get(1);
        if (keys instanceof List<?> changed) {
            int start = prefix.length() + "session:".length();
            changed.forEach(key -> told.changed(key.toString().substring(start)));
        } else {
            told.lost(); // everything was flushed
            told.regained();
        }
    }

    @Override
    public CompletionStage<Void> create(String key, byte[] sealed, Instant expiresAt) {
        return eval(
                        "redis.call('HSET', KEYS[1], 'r', ARGV[1], 'v', 1, 'x', ARGV[2]) "
                                + "redis.call('PEXPIRE', KEYS[1], ARGV[3]) return 1",
                        session(key),
                        sealed,
                        millis(expiresAt),
                        life(expiresAt))
                .thenAccept(done -> {});
    }

    @Override
    public CompletionStage<Optional<Stored>> read(String key) {
        return ask(redis -> redis.hmget(session(key), "r", "v", "x")).thenApply(this::stored);
    }

    private Optional<Stored> stored(List<KeyValue<String, byte[]>> fields) {
        if (fields.stream().anyMatch(field -> !field.hasValue())) {
            return Optional.empty();
        }
        Instant expiresAt = Instant.ofEpochMilli(number(fields.get(2).getValue()));
        return expiresAt.isAfter(clock.instant())
                ? Optional.of(new Stored(
                        fields.get(0).getValue(), number(fields.get(1).getValue()), expiresAt))
                : Optional.empty();
    }

    @Override
    public CompletionStage<Boolean> replace(String key, long version, byte[] sealed) {
        return eval(
                "if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] "
                        + "or tonumber(redis.call('HGET', KEYS[1], 'x')) <= tonumber(ARGV[3]) then return 0 end "
                        + "redis.call('HSET', KEYS[1], 'r', ARGV[2], 'v', ARGV[1] + 1) return 1",
                session(key),
                number(version),
                sealed,
                millis(clock.instant()));
    }

    @Override
    public CompletionStage<Boolean> touch(String key, Instant expiresAt) {
        return eval(
                "local x = redis.call('HGET', KEYS[1], 'x') "
                        + "if not x or tonumber(x) <= tonumber(ARGV[1]) then return 0 end "
                        + "redis.call('HSET', KEYS[1], 'x', ARGV[2]) "
                        + "redis.call('PEXPIRE', KEYS[1], ARGV[3]) return 1",
                session(key),
                millis(clock.instant()),
                millis(expiresAt),
                life(expiresAt));
    }

    @Override
    public CompletionStage<Boolean> delete(String key) {
        return eval(
                "local x = redis.call('HGET', KEYS[1], 'x') redis.call('DEL', KEYS[1]) "
                        + "return (x and tonumber(x) > tonumber(ARGV[1])) and 1 or 0",
                session(key),
                millis(clock.instant()));
    }

    @Override
    public CompletionStage<Void> join(String group, String key, Instant until) {
        return eval(
                        "redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1]) "
                                + "redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3]) "
                                + "if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then "
                                + "redis.call('PEXPIRE', KEYS[1], ARGV[4]) end return 1",
                        prefix + "group:" + group,
                        millis(clock.instant()),
                        millis(until),
                        Secrets.utf8(key),
                        life(until))
                .thenAccept(done -> {});
    }

    @Override
    public CompletionStage<Set<String>> members(String group) {
        return ask(redis -> redis.zrangebyscore(prefix + "group:" + group, Range.<Number>unbounded()))
                .thenApply(keys -> keys.stream()
                        .map(key -> new String(key, StandardCharsets.UTF_8))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public CompletionStage<Boolean> lease(String name, String owner, Duration life) {
        return eval(
                "local o = redis.call('GET', KEYS[1]) if o and o ~= ARGV[1] then return 0 end "
                        + "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1",
                prefix + "lease:" + name,
                Secrets.utf8(owner),
                number(life.toMillis()));
    }

    @Override
    public CompletionStage<Void> release(String name, String owner) {
        return eval(
                        "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1",
                        prefix + "lease:" + name,
                        Secrets.utf8(owner))
                .thenAccept(done -> {});
    }

    @Override
    public void listen(Listener listener) {
        this.listener = listener;
    }

    @Override
    public boolean reachable() {
        StatefulRedisConnection<String, byte[]> known = connection;
        return known != null && known.isOpen() && heard;
    }

    @Override
    public void close() {
        closed = true;
        StatefulRedisConnection<String, byte[]> known = connection;
        if (known != null) {
            known.close(); // or it would go on reconnecting while its threads end
        }
        client.shutdown(SHUTDOWN_QUIET, Duration.ofSeconds(1));
    }

    private CompletionStage<Boolean> eval(String script, String key, byte[]... arguments) {
        return this.<Long>ask(redis -> redis.eval(script, ScriptOutputType.INTEGER, new String[] {key}, arguments))
                .thenApply(result -> result == 1);
    }

    private <T> CompletionStage<T> ask(Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        StatefulRedisConnection<String, byte[]> known = connection;
        if (known == null) {
            return CompletableFuture.failedFuture(SsoFailure.unavailable("session store: not connected", null));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        Calls.caught(() -> command.apply(known.async())).whenComplete((value, error) -> {
            if (error == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(SsoFailure.unavailable("session store: " + kind(error), error));
            }
        });
        return answer;
    }

    private String session(String key) {
        return prefix + "session:" + key;
    }

    private byte[] life(Instant until) {
        return number(Math.max(1, Duration.between(clock.instant(), until).toMillis()));
    }

    private static byte[] millis(Instant time) {
        return number(time.toEpochMilli());
    }

    private static byte[] number(long value) {
        return Secrets.utf8(Long.toString(value));
    }

    private static long number(byte[] value) {
        return Long.parseLong(new String(value, StandardCharsets.UTF_8));
    }

    /** The exception's class: Lettuce's messages may quote addresses with credentials, or arguments. */
    private static String kind(Throwable error) {
        return SsoFailure.unwrapped(error).getClass().getSimpleName();
    }
}
