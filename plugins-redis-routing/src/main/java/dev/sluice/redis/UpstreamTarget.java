package dev.sluice.redis;

import dev.sluice.api.Upstream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * One upstream as a route names it.
 *
 * @param base the path of its URL, put before every request's; empty if there is none
 * @param weight how often it takes its turn, compared with the others
 */
record UpstreamTarget(Upstream upstream, String base, int weight) {

    private static final String FIELD = "upstream";
    private static final String EXPECTED = "http://host[:port][/base] or https://…, or several, as in URL 3, URL 1";
    private static final int MAX_WEIGHT = 100;
    private static final int MAX_UPSTREAMS = 32;

    /** Parses {@code URL}, or {@code URL weight, URL weight}; a weight that is left out is 1. */
    static List<UpstreamTarget> parse(String value) throws InvalidRouteException {
        String[] parts = value.split(",", -1);
        if (parts.length > MAX_UPSTREAMS) {
            throw new InvalidRouteException(
                    FIELD, parts.length + " upstreams (expected: at most " + MAX_UPSTREAMS + ")");
        }
        List<UpstreamTarget> targets = new ArrayList<>();
        for (String part : parts) {
            String[] words = part.strip().split(" +", -1);
            if (words.length > 2) {
                throw new InvalidRouteException(FIELD, part, EXPECTED);
            }
            targets.add(parse(words[0], words.length == 2 ? weight(words[1]) : 1));
        }
        return targets;
    }

    private static int weight(String word) throws InvalidRouteException {
        if (word.matches("[0-9]{1,3}")) {
            int weight = Integer.parseInt(word);
            if (weight >= 1 && weight <= MAX_WEIGHT) {
                return weight;
            }
        }
        throw new InvalidRouteException(FIELD, "weight " + InvalidRouteException.quotable(word) + " (expected: 1-100)");
    }

    private static UpstreamTarget parse(String url, int weight) throws InvalidRouteException {
        try {
            URI uri = new URI(url);
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            if (uri.getRawQuery() != null || uri.getRawFragment() != null || base.contains("//")) {
                throw new InvalidRouteException(FIELD, url, EXPECTED);
            }
            return new UpstreamTarget(Upstream.of(uri.getScheme() + "://" + uri.getRawAuthority()), base, weight);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new InvalidRouteException(FIELD, url, EXPECTED);
        }
    }
}
