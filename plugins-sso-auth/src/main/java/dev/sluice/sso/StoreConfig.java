package dev.sluice.sso;

import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import org.jspecify.annotations.Nullable;

/** Which session store is configured. */
final class StoreConfig {

    private enum Kind {
        MEMORY,
        REDIS
    }

    private final PluginContext context;
    private final @Nullable RedisSettings redis;
    private final String prefix;

    StoreConfig(PluginContext context, @Nullable PluginConfig session) {
        this.context = context;
        if (session != null && session.oneOf(Kind.class, "store", Kind.MEMORY) == Kind.REDIS) {
            redis = RedisSettings.read(session);
            prefix = session.string("prefix", "sluice:sso:");
        } else {
            redis = null;
            prefix = "";
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
