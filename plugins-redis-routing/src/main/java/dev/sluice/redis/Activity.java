package dev.sluice.redis;

import dev.sluice.api.ForwardListener;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down when each route was last of use to somebody, at most once for each flush. */
final class Activity {

    private static final Logger LOG = LoggerFactory.getLogger(Activity.class);

    private final String prefix;
    private final Duration kept;
    private final Clock clock;
    private final Queue<Use> used = new ConcurrentLinkedQueue<>();

    /**
     * @param prefix of the keys that are written
     * @param kept how long they are kept
     */
    Activity(String prefix, Duration kept, Clock clock) {
        this.prefix = prefix;
        this.kept = kept;
        this.clock = clock;
    }

    ForwardListener listener(RouteKey key) {
        return new Use(key);
    }

    /** Writes what was used since the last flush; does not wait. */
    void flush(RedisClusterAsyncCommands<String, String> to) {
        Map<RouteKey, Long> latest = new HashMap<>();
        for (Use use = used.poll(); use != null; use = used.poll()) {
            use.waiting.set(false);
            latest.merge(use.key, use.at / 1000, Math::max);
        }
        latest.forEach((key, seconds) -> to.set(prefix + key, Long.toString(seconds), SetArgs.Builder.px(kept))
                .exceptionally(failure -> {
                    LOG.debug("activity not written: {}", failure.toString());
                    return null;
                }));
    }

    private final class Use implements ForwardListener {
        private final RouteKey key;
        private final AtomicBoolean waiting = new AtomicBoolean();
        private volatile long at;

        Use(RouteKey key) {
            this.key = key;
        }

        @Override
        public void onResponse(int status) {
            if (status < 400) {
                used();
            }
        }

        @Override
        public void onTunnelActivity() {
            used();
        }

        private void used() {
            at = clock.millis();
            if (!waiting.get() && waiting.compareAndSet(false, true)) {
                used.add(this);
            }
        }
    }
}
