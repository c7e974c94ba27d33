package dev.sluice.sso;

import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How sessions are kept.
 *
 * @param idle how long one lives unused
 * @param longest how long one lives at all
 * @param redis where they are; null if in this process
 * @param prefix of the keys in Redis
 * @param keys which seal them
 */
record SessionConfig(
        Duration idle, Duration longest, @Nullable RedisSettings redis, String prefix, KeyRing keys) {

    private static final Duration LONGEST_LIFE = Duration.ofDays(30);
    private static final int SHORTEST_SECRET = 32;

    private enum Kind {
        MEMORY,
        REDIS
    }

    static SessionConfig read(PluginConfig config) {
        Duration idle = config.duration("session.idle", Duration.ofHours(1));
        Duration longest = config.duration("session.longest", Duration.ofHours(12));
        if (longest.compareTo(LONGEST_LIFE) > 0) {
            throw config.wrong("session.longest", longest + " (expected: at most 30 days)");
        }
        PluginConfig session = config.section("session").orElse(null);
        if (session == null || session.oneOf(Kind.class, "store", Kind.MEMORY) == Kind.MEMORY) {
            return new SessionConfig(idle, longest, null, "", keys(config, false));
        }
        RedisSettings redis = RedisSettings.read(session);
        return new SessionConfig(idle, longest, redis, session.string("prefix", "sluice:sso:"), keys(config, true));
    }

    /** Without a secret the sessions and logins of this process are its own. */
    private static KeyRing keys(PluginConfig config, boolean shared) {
        List<String> secrets = config.strings("secrets");
        if (secrets.isEmpty()) {
            if (shared) {
                throw config.wrong("secrets", "missing (expected: at least one, as the sessions are shared)");
            }
            return KeyRing.random();
        }
        if (secrets.stream().anyMatch(secret -> secret.length() < SHORTEST_SECRET)) {
            throw config.wrong(
                    "secrets", "too short (expected: at least " + SHORTEST_SECRET + " random characters each)");
        }
        return KeyRing.of(secrets);
    }

    SessionStore open(PluginContext context) {
        return redis == null
                ? new MemorySessionStore(context.clock(), context.timer())
                : new RedisSessionStore(redis, prefix, context.clock(), context.timer());
    }
}
