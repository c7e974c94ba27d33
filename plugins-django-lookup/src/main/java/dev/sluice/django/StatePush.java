package dev.sluice.django;

import dev.sluice.api.spi.PluginConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
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
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from Redis that Django has changed an application, by the key that it wrote: Redis pushes the names of changed
 * keys to every replica. While Redis is away, answers age as they do without it.
 */
final class StatePush implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StatePush.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final RedisURI uri;
    private final String prefix;
    private final ScheduledExecutorService timer;
    private final RedisClient client = RedisClient.create();
    private final ApplicationCache cache;
    private final HostPattern hosts;
    private volatile boolean closed;

    private StatePush(
            RedisURI uri, String prefix, ScheduledExecutorService timer, ApplicationCache cache, HostPattern hosts) {
        this.uri = uri;
        this.prefix = prefix;
        this.timer = timer;
        this.cache = cache;
        this.hosts = hosts;
    }

    static StatePush start(
            PluginConfig push, ScheduledExecutorService timer, ApplicationCache cache, HostPattern hosts) {
        String prefix = push.string("prefix", "sluice:django-lookup:");
        StatePush started = new StatePush(uri(push), prefix, timer, cache, hosts);
        // A connection that heals by itself would have missed changes, and does not ask for pushes again.
        started.client.setOptions(ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP3)
                .autoReconnect(false)
                .build());
        started.connect();
        return started;
    }

    /** The URL is not quoted: it may hold a password. */
    private static RedisURI uri(PluginConfig push) {
        try {
            return RedisURI.create(push.string("url"));
        } catch (IllegalArgumentException e) {
            throw push.wrong("url", "not a URL of Redis (expected: redis[s]://[user:password@]host[:port][/db])");
        }
    }

    private void connect() {
        var unused = client.connectAsync(StringCodec.UTF8, uri)
                .thenCompose(this::track)
                .whenComplete((ok, failure) -> {
                    if (failure != null) {
                        connectLater("cannot be reached");
                    }
                });
    }

    private CompletionStage<?> track(StatefulRedisConnection<String, String> connection) {
        connection.addListener(this::onPush);
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                connectLater("has closed the connection");
            }
        });
        return connection
                .async()
                .clientTracking(TrackingArgs.Builder.enabled().bcast().prefixes(prefix))
                .thenRun(() -> cache.forget(host -> true))
                .exceptionallyCompose(failure -> connection.closeAsync());
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
        CompletableFuture<Void> stopped = client.shutdownAsync(0, 2, TimeUnit.SECONDS);
        stopped.join();
    }
}
