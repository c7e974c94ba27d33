package dev.sluice.sso;

import io.lettuce.core.KeyValue;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;

/**
 * Sessions that all replicas share. A record is a hash {@code <prefix>session:<key>} with the fields {@code r} (sealed
 * record), {@code v} (version) and {@code x} (end, in milliseconds).
 *
 * <p>Redis tells every replica of each change under the prefix (client-side caching in broadcasting mode), so that
 * deleting a key, by whomever, is all that it takes to end a session everywhere.
 */
final class RedisSessionStore implements SessionStore {

    private final RedisConnection redis;
    private final Clock clock;
    private final String prefix;

    RedisSessionStore(RedisSettings settings, String prefix, Clock clock, ScheduledExecutorService timer) {
        this.clock = clock;
        this.prefix = prefix;
        this.redis = RedisConnection.open(settings.nodes(), prefix + "session:", timer);
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
        return redis.ask(commands -> commands.hmget(session(key), "r", "v", "x"))
                .thenApply(this::stored);
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
        return redis.ask(commands -> commands.zrangebyscore(prefix + "group:" + group, Range.<Number>unbounded()))
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
        redis.listen(listener);
    }

    @Override
    public boolean reachable() {
        return redis.isUp();
    }

    @Override
    public void close() {
        redis.close();
    }

    private CompletionStage<Boolean> eval(String script, String key, byte[]... arguments) {
        return redis.<Long>ask(
                        commands -> commands.eval(script, ScriptOutputType.INTEGER, new String[] {key}, arguments))
                .thenApply(result -> result == 1);
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
}
