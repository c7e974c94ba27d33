package dev.sluice.redis;

import dev.sluice.api.PathReadings;
import java.util.regex.Pattern;

/**
 * What a route is for: a host, and a path prefix below it.
 *
 * @param host a canonical host; {@code *.example.org} for every host below one; {@code *} for all others
 * @param path the prefix, matched at segment boundaries: empty for every path, otherwise {@code /…} without a trailing
 *     {@code /}
 */
record RouteKey(String host, String path) {

    private static final Pattern HOST =
            Pattern.compile("\\*|(\\*\\.)?[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*|\\[[0-9a-f:.]+]");
    private static final int MAX_HOST = 255;

    /** Parses what follows the prefix of a Redis key: {@code example.org}, {@code *.example.org/app}. */
    static RouteKey parse(String name) throws InvalidRouteException {
        int slash = name.indexOf('/');
        String host = slash < 0 ? name : name.substring(0, slash);
        String path = slash < 0 ? "" : name.substring(slash);
        if (host.length() > MAX_HOST || !HOST.matcher(host).matches()) {
            throw new InvalidRouteException(
                    "key",
                    host,
                    "a host in lower case without port, as in example.org, *.example.org or *, then a path prefix");
        }
        if (!path.isEmpty() && (!PathReadings.isPrefix(path) || path.endsWith("/"))) {
            throw new InvalidRouteException(
                    "key",
                    path,
                    "a path prefix as in /app, without a / at its end, without escapes, dot segments, double slashes,"
                            + " \\ ; ? #; none for every path");
        }
        return new RouteKey(host, path);
    }

    @Override
    public String toString() {
        return host + path;
    }
}
