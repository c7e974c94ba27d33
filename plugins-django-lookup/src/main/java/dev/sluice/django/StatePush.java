package dev.sluice.django;

import dev.sluice.api.spi.PluginConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from Redis that Django has changed an application, by the key that it wrote: Redis pushes the names of changed
 * keys to every replica. While Redis is away, answers age as they do without it.
 */
final class StatePush implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StatePush.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RedisURI uri;
    private final String prefix;
    private final ScheduledExecutorService timer;
    private final RedisClient client = RedisClient.create();
    private final ApplicationCache cache;
    private final HostPattern hosts;
    private final ScheduledFuture<?> confirming;
    private final AtomicReference<@Nullable StatefulRedisConnection<String, String>> connection =
            new AtomicReference<>();
    private volatile boolean closed;

    private StatePush(
            RedisURI uri, String prefix, ScheduledExecutorService timer, ApplicationCache cache, HostPattern hosts) {
        this.uri = uri;
        this.prefix = prefix;
        this.timer = timer;
        this.cache = cache;
        this.hosts = hosts;
        // A connection that heals by itself would have missed changes, and does not ask for pushes again.
        client.setOptions(ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP3)
                .autoReconnect(false)
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .build());
        confirming =
                timer.scheduleWithFixedDelay(this::confirm, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    static StatePush start(
            PluginConfig push, ScheduledExecutorService timer, ApplicationCache cache, HostPattern hosts) {
        RedisURI uri = uri(push);
        StatePush started = new StatePush(uri, push.string("prefix", "sluice:django-lookup:"), timer, cache, hosts);
        started.connect();
        return started;
    }

    /** The URL is not quoted: it may hold a password. */
    private static RedisURI uri(PluginConfig push) {
        List<String> urls = push.strings("url");
        if (urls.size() > 1) {
            throw push.wrong("url", urls.size() + " URLs (expected: one; a Redis Cluster does not do)");
        }
        try {
            RedisURI uri = RedisURI.create(push.string("url"));
            uri.setTimeout(TIMEOUT);
            uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(TIMEOUT));
            return uri;
        } catch (IllegalArgumentException e) {
            throw push.wrong(
                    "url",
                    "not a URL of Redis (expected: redis[s]://[user:password@]host[:port][/db]"
                            + " or redis-sentinel://host[:port],host[:port]/db#master)");
        }
    }

    private void connect() {
        var unused = client.connectAsync(StringCodec.UTF8, uri).whenComplete((made, failure) -> {
            if (failure != null) {
                connectLater("cannot be reached (" + reason(failure) + ")");
            } else {
                begin(made);
            }
        });
    }

    private void begin(StatefulRedisConnection<String, String> made) {
        made.addListener(this::onPush);
        made.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                lost(made, "has closed the connection");
            }
        });
        connection.set(made);
        var unused = made.async()
                .info("cluster")
                .thenCompose(info -> info.contains("cluster_enabled:1") ? refuse(made) : track(made))
                .exceptionally(failure -> {
                    lost(made, "does not push changes (" + reason(failure) + ")");
                    return null;
                });
    }

    private void lost(StatefulRedisConnection<String, String> was, String why) {
        if (connection.compareAndSet(was, null)) {
            var unused = was.closeAsync();
            connectLater(why);
        }
    }

    private CompletionStage<Void> track(StatefulRedisConnection<String, String> made) {
        return made.async()
                .clientTracking(TrackingArgs.Builder.enabled().bcast().prefixes(prefix))
                .thenRun(() -> cache.forget(host -> true));
    }

    /** Better nothing than a third: each master of a cluster tells of its own keys only. */
    private CompletionStage<Void> refuse(StatefulRedisConnection<String, String> made) {
        closed = true;
        log.error("push.url: a node of a Redis Cluster, so no change is pushed"
                + " (expected: a server of its own, or a master by its Sentinels)");
        return made.closeAsync();
    }

    /** Notices a server that hangs, and one that has gone without a word. */
    private void confirm() {
        StatefulRedisConnection<String, String> known = connection.get();
        if (known != null) {
            var unused = known.async().ping().exceptionally(failure -> {
                lost(known, "does not answer (" + reason(failure) + ")");
                return null;
            });
        }
    }

    /** What is at the bottom: {@code Connection refused}, {@code NOPERM …}. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private void connectLater(String why) {
        if (!closed) {
            log.warn("push: Redis {}; trying again in {} s", why, PAUSE.toSeconds());
            try {
                var unused = timer.schedule(this::connect, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                closed = true; // the proxy is stopping
            }
        }
    }

    private void onPush(PushMessage message) {
        if (message.getType().equals("invalidate")) {
            Object keys = message.getContent(StringCodec.UTF8::decodeKey).get(1);
            if (keys instanceof List<?> changed) {
                changed.forEach(key -> changed(String.valueOf(key).substring(prefix.length())));
            } else {
                cache.forget(host -> true); // the database was flushed
            }
        }
    }

    private void changed(String name) {
        cache.forget(host -> {
            Site site = hosts.site(host);
            return site != null
                    && (site.name().equals(name)
                            || site.asPortOverride()
                                    .filter(other -> other.name().equals(name))
                                    .isPresent());
        });
    }

    @Override
    public void close() {
        closed = true;
        confirming.cancel(false);
        CompletableFuture<Void> stopped = client.shutdownAsync(0, 2, TimeUnit.SECONDS);
        stopped.join();
    }
}
