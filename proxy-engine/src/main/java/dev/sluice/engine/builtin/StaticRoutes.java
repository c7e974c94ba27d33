package dev.sluice.engine.builtin;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.PathReadings;
import dev.sluice.api.Probe;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: those of the exact host first, then those of wildcards (the longest first), then those
 * without a host; among them the longest prefix of the path. A path that other servers could read so that it led to
 * another route is refused with 400, see {@link PathReadings}; unless only encoded slashes make the difference, and every
 * route that it could lead to allows them. So a route that does not is never stepped around.
 */
final class StaticRoutes implements RouteResolver {

    private static final CompletionStage<RouteDecision> NOT_FOUND =
            CompletableFuture.completedFuture(RouteDecision.notFound());
    private static final CompletionStage<RouteDecision> AMBIGUOUS =
            CompletableFuture.completedFuture(RouteDecision.respond(LocalResponse.text(400, "Ambiguous path\n")));

    private static final Pattern ENCODED_SLASH = Pattern.compile("%2[Ff]");

    /** In place of an encoded slash: no prefix has it, since prefixes are ASCII. */
    private static final String NO_SLASH = "\u2215";

    private record Wildcard(HostPattern pattern, List<StaticRoute> routes) {}

    private final Map<String, List<StaticRoute>> exact = new HashMap<>();
    private final List<Wildcard> wildcards = new ArrayList<>();
    private final List<StaticRoute> anyHost;
    private final Set<Probe> probes;

    /** @param byHost by canonical host, wildcard, or the empty text for every host */
    StaticRoutes(Map<String, List<StaticRoute>> byHost) {
        byHost.forEach((host, routes) -> {
            if (host.startsWith("*")) {
                wildcards.add(new Wildcard(HostPattern.of(host), longestFirst(routes)));
            } else if (!host.isEmpty()) {
                exact.put(host, longestFirst(routes));
            }
        });
        wildcards.sort(Comparator.comparingInt(
                        (Wildcard wildcard) -> wildcard.pattern().toString().length())
                .reversed());
        anyHost = longestFirst(byHost.getOrDefault("", List.of()));
        probes = byHost.values().stream()
                .flatMap(List::stream)
                .flatMap(StaticRoute::probes)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<Probe> probes() {
        return probes;
    }

    @Override
    public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
        StaticRoute route = find(request.host(), request.path());
        if (!PathReadings.isPlain(request.path()) && isAmbiguous(request, route)) {
            return AMBIGUOUS;
        }
        return route == null ? NOT_FOUND : route.decide(request);
    }

    private @Nullable StaticRoute find(String host, String path) {
        StaticRoute route = longest(exact.getOrDefault(host, List.of()), path);
        for (int i = 0; i < wildcards.size() && route == null; i++) {
            if (wildcards.get(i).pattern().matches(host)) {
                route = longest(wildcards.get(i).routes(), path);
            }
        }
        return route != null ? route : longest(anyHost, path);
    }

    private static @Nullable StaticRoute longest(List<StaticRoute> routes, String path) {
        for (int i = 0; i < routes.size(); i++) {
            if (PathReadings.isBelow(path, routes.get(i).prefix())) {
                return routes.get(i);
            }
        }
        return null;
    }

    private boolean isAmbiguous(ProxyRequest request, @Nullable StaticRoute asSent) {
        String host = request.host();
        boolean byPath = dependsOnPath(exact.getOrDefault(host, List.of()))
                || dependsOnPath(anyHost)
                || wildcards.stream().anyMatch(w -> w.pattern().matches(host) && dependsOnPath(w.routes()));
        if (!byPath) {
            return false;
        }
        List<String> readings = PathReadings.of(request.path());
        return !all(host, readings, route -> route == asSent)
                && !(all(host, readings, StaticRoutes::allowsEncodedSlashes)
                        && all(host, readingsButForSlashes(request.path()), route -> route == asSent));
    }

    /** Whether there are readings, and each leads to what {@code accepted} takes. */
    private boolean all(String host, List<String> readings, Predicate<@Nullable StaticRoute> accepted) {
        return !readings.isEmpty() && readings.stream().allMatch(reading -> accepted.test(find(host, reading)));
    }

    private static boolean allowsEncodedSlashes(@Nullable StaticRoute route) {
        return route != null && route.allowsEncodedSlashes();
    }

    /** As servers read a path for whom an encoded slash is a character of a name. */
    private static List<String> readingsButForSlashes(String path) {
        return PathReadings.of(ENCODED_SLASH.matcher(path).replaceAll(NO_SLASH));
    }

    private static boolean dependsOnPath(List<StaticRoute> routes) {
        return routes.stream().anyMatch(StaticRoute::dependsOnPath);
    }

    private static List<StaticRoute> longestFirst(List<StaticRoute> routes) {
        return routes.stream()
                .sorted(Comparator.comparingInt(
                                (StaticRoute route) -> route.prefix().length())
                        .reversed())
                .toList();
    }
}
