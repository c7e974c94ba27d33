package com.example.proxy;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.PathReadings;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gives each application below a path of a shared host a name space of its own, so that two of them may both call their
 * cookie {@code sid}, and neither sees nor overwrites the other's.
 */
final class PrefixingCookieMerger implements CookieMerger {

    private static final Pattern DOMAIN = Pattern.compile(";\\s*domain\\s*=[^;]*", Pattern.CASE_INSENSITIVE);

    private final List<CookieRoute> routes;

    PrefixingCookieMerger(List<CookieRoute> routes) {
        this.routes = routes.stream()
                .sorted(Comparator.comparing((CookieRoute route) -> route.path().length())
                        .reversed())
                .toList();
    }

    @Override
    public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> cookieLines) {
        if (isAmbiguous(request)) {
            return List.of();
        }
        Optional<CookieRoute> route = find(request, request.path());
        List<String> pairs = new ArrayList<>();
        for (String line : cookieLines) {
            for (String pair : line.split(";", -1)) {
                toUpstream(pair.strip(), route, trust, own).ifPresent(pairs::add);
            }
        }
        return pairs.isEmpty() ? List.of() : List.of(String.join("; ", pairs));
    }

    private Optional<String> toUpstream(String pair, Optional<CookieRoute> route, Trust trust, OwnCookies own) {
        if (own.ownsPair(pair)) {
            return Optional.of(pair).filter(owned -> trust == Trust.TRUSTED);
        }
        if (route.isEmpty()) {
            return Optional.of(pair).filter(this::isNobodys);
        }
        // Without its prefix a pair must not come out as the proxy's own: a page's script could have planted it.
        return route.get().prefix().removeFrom(pair).filter(plain -> !own.ownsPair(plain));
    }

    @Override
    public List<String> toClient(
            ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
        Optional<CookieRoute> route = find(request, request.path());
        Stream<String> foreign = isAmbiguous(request)
                ? Stream.of()
                : own.withoutSetting(application).stream().filter(line -> route.isPresent() || isNobodys(line));
        List<String> named = foreign.map(line -> trust == Trust.TRUSTED ? line : hostOnly(line))
                .map(line -> route.map(r -> r.prefix().addTo(line)).orElse(line))
                .toList();
        List<String> lines = new ArrayList<>(own.withoutSetting(named)); // once more, by the names that they have now
        proxy.forEach(cookie -> lines.add(cookie.toHeaderValue()));
        return lines;
    }

    /** With a domain, an application would set cookies for its siblings on other hosts (RFC 6265bis §4.1.2.3). */
    private static String hostOnly(String setCookie) {
        return DOMAIN.matcher(setCookie).replaceAll("");
    }

    /** Whether no application below a path would take the pair for its own. */
    private boolean isNobodys(String pair) {
        return routes.stream().noneMatch(route -> route.prefix().claims(pair));
    }

    private Optional<CookieRoute> find(ProxyRequest request, String path) {
        return routes.stream()
                .filter(route -> route.takes(request.host(), path))
                .findFirst();
    }

    /** Whether the upstream may read the path as another application's; then nobody's cookies are shown or set. */
    private boolean isAmbiguous(ProxyRequest request) {
        if (PathReadings.isPlain(request.path())
                || routes.stream().noneMatch(route -> route.host().equals(request.host()))) {
            return false;
        }
        List<String> readings = PathReadings.of(request.path());
        return readings.isEmpty()
                || readings.stream()
                                .map(reading -> find(request, reading))
                                .distinct()
                                .count()
                        > 1;
    }
}
