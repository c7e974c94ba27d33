package dev.sluice.redis;

import dev.sluice.api.ForwardListener;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HostPolicy;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Timeouts;
import dev.sluice.api.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a route's hash. A field that is not known is refused: it may be a misspelt restriction. */
final class RouteParser {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final String TO_CLIENT = "to-client.";

    private final String groupsClaim;

    RouteParser(String groupsClaim) {
        this.groupsClaim = groupsClaim;
    }

    Route parse(RouteKey key, Map<String, String> hash, long expires, ForwardListener listener)
            throws InvalidRouteException {
        var fields = new TreeMap<>(hash);
        List<UpstreamTarget> upstreams = UpstreamTarget.parse(take(fields, "upstream"));
        Trust trust = trust(fields.remove("trust"));
        Rewrite rewrite = Rewrite.NONE.withHost(hostPolicy(fields.remove("host-policy")));
        Timeouts timeouts = timeouts(fields);
        Access access = access(fields.remove("users"), fields.remove("groups"));
        int strip =
                bool("strip-prefix", fields.remove("strip-prefix")) ? key.path().length() : 0;
        HeaderEdits toClient = toClient(fields);
        if (!fields.isEmpty()) {
            throw new InvalidRouteException(
                    InvalidRouteException.quotable(fields.firstKey()),
                    "not a field of a route (expected: one that is documented)");
        }
        List<Target> targets = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        for (UpstreamTarget to : upstreams) {
            var forward = RouteDecision.forward(to.upstream())
                    .withRewrite(rewrite)
                    .withTimeouts(timeouts)
                    .withToClient(toClient)
                    .withTrust(trust)
                    .withListener(listener);
            targets.add(new Target(forward, to.base(), strip));
            weights.add(to.weight());
        }
        return new Route(key, access, Rotation.of(targets, weights), expires);
    }

    private static String take(Map<String, String> fields, String name) throws InvalidRouteException {
        String value = fields.remove(name);
        if (value == null) {
            throw new InvalidRouteException(name, "missing (expected: a URL, or several with weights)");
        }
        return value;
    }

    private static Trust trust(@Nullable String value) throws InvalidRouteException {
        if (value == null || value.equals("untrusted")) {
            return Trust.UNTRUSTED;
        }
        if (value.equals("trusted")) {
            return Trust.TRUSTED;
        }
        throw new InvalidRouteException("trust", value, "trusted or untrusted");
    }

    private static HostPolicy hostPolicy(@Nullable String value) throws InvalidRouteException {
        if (value == null || value.equals("preserve")) {
            return HostPolicy.PRESERVE;
        }
        if (value.equals("target")) {
            return HostPolicy.TARGET;
        }
        try {
            return new HostPolicy.Fixed(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidRouteException("host-policy", value, "preserve, target, or a host with optional port");
        }
    }

    private static boolean bool(String field, @Nullable String value) throws InvalidRouteException {
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new InvalidRouteException(field, value, "true or false");
    }

    private static Timeouts timeouts(Map<String, String> fields) throws InvalidRouteException {
        Timeouts timeouts = Timeouts.INHERIT;
        timeouts = bound(fields, "connect-timeout", timeouts, timeouts::withConnect);
        timeouts = bound(fields, "response-timeout", timeouts, timeouts::withResponseHead);
        timeouts = bound(fields, "body-idle-timeout", timeouts, timeouts::withBodyIdle);
        return bound(fields, "tunnel-idle-timeout", timeouts, timeouts::withTunnelIdle);
    }

    private static Timeouts bound(
            Map<String, String> fields, String field, Timeouts otherwise, Function<Duration, Timeouts> with)
            throws InvalidRouteException {
        String value = fields.remove(field);
        return value == null ? otherwise : with.apply(duration(field, value));
    }

    private static Duration duration(String field, String value) throws InvalidRouteException {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new InvalidRouteException(field, value, "a positive duration such as 500ms, 5s, 2m, 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /** A list that is there and empty lets nobody in: that is what taking the last one off a list means. */
    private @Nullable Access access(@Nullable String users, @Nullable String groups) {
        return users == null && groups == null ? null : new Access(set(users), set(groups), groupsClaim);
    }

    private static Set<String> set(@Nullable String list) {
        return list == null
                ? Set.of()
                : Arrays.stream(list.split(","))
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static HeaderEdits toClient(TreeMap<String, String> fields) throws InvalidRouteException {
        if (fields.isEmpty()) {
            return HeaderEdits.NONE;
        }
        var edits = HeaderEdits.builder();
        edit(fields, "remove.", (name, value) -> edits.remove(name));
        edit(fields, "put.", edits::put);
        edit(fields, "add.", edits::add);
        return edits.build();
    }

    private interface Edit {
        HeaderEdits.Builder apply(String name, String value);
    }

    private static void edit(TreeMap<String, String> fields, String verb, Edit edit) throws InvalidRouteException {
        String start = TO_CLIENT + verb;
        var these = fields.subMap(start, start + Character.MAX_VALUE);
        for (var field : these.entrySet()) {
            try {
                edit.apply(field.getKey().substring(start.length()), field.getValue());
            } catch (IllegalArgumentException e) {
                // The message quotes the name at most: a value may be a secret.
                throw new InvalidRouteException(InvalidRouteException.quotable(field.getKey()), "" + e.getMessage());
            }
        }
        these.clear();
    }
}
