package dev.sluice.redis;

import dev.sluice.api.ForwardListener;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what a key of Redis holds into a table. What cannot be used is logged once, and what was there stays. */
final class RouteWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RouteWriter.class);
    private static final int MAX_COMPLAINTS = 10_000;

    private final String prefix;
    private final RouteParser parser;
    private final Function<RouteKey, ForwardListener> listeners;
    private final Clock clock;
    private final Map<String, String> complaints = new ConcurrentHashMap<>();

    RouteWriter(String prefix, RouteParser parser, Function<RouteKey, ForwardListener> listeners, Clock clock) {
        this.prefix = prefix;
        this.parser = parser;
        this.listeners = listeners;
        this.clock = clock;
    }

    /**
     * Puts or removes one route.
     *
     * @param table to be changed
     * @param inForce where the last good route is looked for if {@code table} has none yet
     */
    void write(RouteTable table, RouteTable inForce, String key, @Nullable Map<String, String> hash, long ttl) {
        RouteKey name;
        try {
            name = RouteKey.parse(key.substring(prefix.length()));
        } catch (InvalidRouteException e) {
            complain(key, hash, e, "the key is ignored");
            return;
        }
        if (hash != null && hash.isEmpty()) {
            complaints.remove(key);
            table.remove(name);
            return;
        }
        long expires = ttl < 0 ? Route.NEVER : clock.millis() + ttl;
        try {
            if (hash == null) {
                throw new InvalidRouteException("key", "another type (expected: a hash)");
            }
            table.put(parser.parse(name, hash, expires, listeners.apply(name)));
            complaints.remove(key);
        } catch (InvalidRouteException e) {
            Route known = table.get(name) != null ? table.get(name) : inForce.get(name);
            boolean good = known != null && known.usable();
            complain(key, hash, e, good ? "the last good route stays in force" : "it answers 503");
            table.put(good && known != null ? known.withExpiry(expires) : Route.unusable(name, expires));
        }
    }

    private void complain(String key, @Nullable Map<String, String> hash, InvalidRouteException e, String effect) {
        if (hash != null && hash.isEmpty()) {
            complaints.remove(key);
            return;
        }
        if (complaints.size() >= MAX_COMPLAINTS) {
            complaints.clear();
        }
        String problem = "" + e.getMessage();
        if (!problem.equals(complaints.put(key, problem))) {
            LOG.warn("route {}: {}; {}", InvalidRouteException.quotable(key), problem, effect);
        }
    }
}
