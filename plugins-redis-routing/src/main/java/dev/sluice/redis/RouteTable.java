package dev.sluice.redis;

import dev.sluice.api.PathReadings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All routes, by host and path. Look-ups take no lock and allocate nothing, however many routes there are; a change
 * is seen by the next look-up.
 */
final class RouteTable {

    private static final String WILDCARD = "*.";

    private final SliceMap<SliceMap<Route>> exact = new SliceMap<>();
    /** By what follows the {@code *.}. */
    private final SliceMap<SliceMap<Route>> below = new SliceMap<>();

    private final SliceMap<Route> any = new SliceMap<>();
    private int size;

    /**
     * The route for a canonical host and an undecoded path: the longest prefix of the most specific host that has one.
     * Routes that have expired by {@code now} are passed over.
     */
    @Nullable
    Route find(String host, String path, long now) {
        Route found = longest(exact.get(host), path, now);
        if (found == null && below.size() > 0) {
            found = findBelow(host, path, now);
        }
        return found != null ? found : longest(any, path, now);
    }

    private @Nullable Route findBelow(String host, String path, long now) {
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            int hash = 0;
            for (int i = dot + 1; i < host.length(); i++) {
                hash = 31 * hash + host.charAt(i);
            }
            Route found = longest(below.get(host, dot + 1, host.length(), hash), path, now);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Asks for the prefix before each {@code /} and for the whole; the last one found is the longest. */
    private static @Nullable Route longest(@Nullable SliceMap<Route> routes, String path, long now) {
        if (routes == null) {
            return null;
        }
        Route longest = null;
        int hash = 0;
        int end = Math.min(path.length(), routes.longest());
        for (int i = 0; i <= end; i++) {
            if (i == 0 || i == path.length() || path.charAt(i) == '/') {
                Route route = routes.get(path, 0, i, hash);
                longest = route != null && !route.expired(now) ? route : longest;
            }
            hash = i < end ? 31 * hash + path.charAt(i) : hash;
        }
        return longest;
    }

    /**
     * Whether other servers could read an undecoded path so that it led elsewhere than {@link #find} does, where that
     * matters; see {@link PathReadings}.
     */
    boolean ambiguous(String host, String path, long now) {
        if (PathReadings.isPlain(path)) {
            return false;
        }
        Route asSent = find(host, path, now);
        if (!dependsOnPath(host) && (asSent == null || !asSent.changesPath())) {
            return false;
        }
        List<String> readings = PathReadings.of(path);
        return readings.isEmpty() || readings.stream().anyMatch(reading -> !same(asSent, find(host, reading, now)));
    }

    /** By key: the route may be replaced while it is looked at. */
    private static boolean same(@Nullable Route one, @Nullable Route other) {
        return (one == null || other == null) ? one == other : one.key().equals(other.key());
    }

    private boolean dependsOnPath(String host) {
        boolean depends = hasPaths(exact.get(host)) || hasPaths(any);
        for (int dot = host.indexOf('.'); dot >= 0 && !depends; dot = host.indexOf('.', dot + 1)) {
            depends = hasPaths(below.get(host.substring(dot + 1)));
        }
        return depends;
    }

    private static boolean hasPaths(@Nullable SliceMap<Route> routes) {
        return routes != null && routes.longest() > 0;
    }

    @Nullable
    Route get(RouteKey key) {
        SliceMap<Route> routes = routes(key);
        return routes == null ? null : routes.get(key.path());
    }

    synchronized void put(Route route) {
        RouteKey key = route.key();
        SliceMap<Route> routes = routes(key);
        if (routes == null) {
            // Filled before it is shown: a host never appears without its route.
            routes = new SliceMap<>();
            routes.put(key.path(), route);
            byHost(key).put(name(key), routes);
            size++;
            return;
        }
        int before = routes.size();
        routes.put(key.path(), route);
        size += routes.size() - before;
    }

    synchronized void remove(RouteKey key) {
        SliceMap<Route> routes = routes(key);
        if (routes == null || routes.get(key.path()) == null) {
            return;
        }
        size--;
        if (routes.size() == 1 && routes != any) {
            byHost(key).remove(name(key));
        } else {
            routes.remove(key.path());
        }
    }

    synchronized int size() {
        return size;
    }

    private @Nullable SliceMap<Route> routes(RouteKey key) {
        return key.host().equals("*") ? any : byHost(key).get(name(key));
    }

    private SliceMap<SliceMap<Route>> byHost(RouteKey key) {
        return key.host().startsWith(WILDCARD) ? below : exact;
    }

    private static String name(RouteKey key) {
        return key.host().startsWith(WILDCARD) ? key.host().substring(WILDCARD.length()) : key.host();
    }
}
