package dev.sluice.sso;

import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/** Which session store is configured. */
final class StoreConfig {

    private enum Kind {
        MEMORY,
        REDIS
    }

    private final PluginContext context;
    private final @Nullable RedisURI redis;
    private final String prefix;

    StoreConfig(PluginContext context, @Nullable PluginConfig session) {
        this.context = context;
        if (session != null && session.oneOf(Kind.class, "store", Kind.MEMORY) == Kind.REDIS) {
            redis = uri(session);
            prefix = session.string("prefix", "sluice:sso:");
        } else {
            redis = null;
            prefix = "";
        }
    }

    /** Not quoted when it is wrong: it may hold a password. */
    private static RedisURI uri(PluginConfig session) {
        try {
            return RedisURI.create(session.string("url"));
        } catch (IllegalArgumentException e) {
            throw session.wrong("url", "(expected: redis://, rediss:// or redis-sentinel:// and a host)");
        }
    }

    /** Whether other replicas share the sessions. */
    boolean isShared() {
        return redis != null;
    }

    SessionStore open() {
        return redis == null
                ? new MemorySessionStore(context.clock(), context.timer())
                : new RedisSessionStore(redis, prefix, context.clock(), context.timer());
    }
}
