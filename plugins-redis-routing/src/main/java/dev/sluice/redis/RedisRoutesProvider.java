package dev.sluice.redis;

import com.google.auto.service.AutoService;
import dev.sluice.api.ForwardListener;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.RouteResolverProvider;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes resolvers whose routes live in Redis; {@code redis-routes} in a configuration.
 *
 * <p>The start waits for the first attempt to read all routes. If Redis cannot be reached the proxy starts all the same,
 * answers 503 and is not ready until Redis is there.
 */
@AutoService(RouteResolverProvider.class)
public final class RedisRoutesProvider implements RouteResolverProvider {

    private static final Logger LOG = LoggerFactory.getLogger(RedisRoutesProvider.class);
    private static final int STOP_SECONDS = 3;
    private static final String PREFIX_SYNTAX = "[A-Za-z0-9:._{}-]+";

    @Override
    public String name() {
        return "redis-routes";
    }

    @Override
    public RouteResolver create(PluginContext context) {
        PluginConfig config = context.config();
        var redis = RedisSettings.read(config);
        String prefix = prefix(config, "prefix", "sluice:route:");
        var live = new LiveRoutes(config.duration("staleness", Duration.ofMinutes(10)));
        var parser = new RouteParser(config.string("groups-claim", "groups"));
        Optional<ActivitySettings> activity = config.section("activity").map(a -> ActivitySettings.read(a, prefix));
        Optional<Activity> stamps = activity.map(a -> new Activity(a.prefix(), a.keep(), context.clock()));
        Function<RouteKey, ForwardListener> listeners = stamps.<Function<RouteKey, ForwardListener>>map(
                        s -> s::listener)
                .orElse(key -> ForwardListener.NONE);

        ClientResources resources = RedisSettings.resources();
        var writer = new RouteWriter(prefix, parser, listeners, context.clock());
        var sync = new RouteSync(redis.nodes(resources), prefix, live, writer, context.timer(), context.clock());
        sync.start().toCompletableFuture().join();

        Runnable flush =
                () -> stamps.ifPresent(s -> Optional.ofNullable(sync.commands()).ifPresent(s::flush));
        Optional<ScheduledFuture<?>> flushing = activity.map(a -> context.timer()
                .scheduleWithFixedDelay(
                        flush, a.interval().toMillis(), a.interval().toMillis(), TimeUnit.MILLISECONDS));
        return new RedisRouteResolver(live, context.clock(), () -> {
            flushing.ifPresent(task -> task.cancel(false));
            flush.run();
            sync.close();
            await(resources.shutdown(0, 1, TimeUnit.SECONDS));
        });
    }

    private static void await(Future<?> stopped) {
        try {
            stopped.get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Redis client not stopped in order: {}", e.toString());
        }
    }

    private static String prefix(PluginConfig config, String key, String or) {
        String prefix = config.string(key, or);
        if (!prefix.matches(PREFIX_SYNTAX)) {
            throw config.wrong(key, prefix + " (expected: letters, digits and : . _ { } -)");
        }
        return prefix;
    }

    private record ActivitySettings(String prefix, Duration interval, Duration keep) {
        static ActivitySettings read(PluginConfig config, String routes) {
            String prefix = RedisRoutesProvider.prefix(config, "prefix", "sluice:used:");
            if (prefix.startsWith(routes)) {
                throw config.wrong("prefix", prefix + " (expected: not below the routes' prefix, " + routes + ")");
            }
            return new ActivitySettings(
                    prefix,
                    config.duration("interval", Duration.ofMinutes(1)),
                    config.duration("keep", Duration.ofDays(30)));
        }
    }
}
