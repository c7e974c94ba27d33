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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a route's hash. A field that is not known is refused: it may be a misspelt restriction. */
final class RouteParser {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

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
        return new Route(key, access, Rotation.of(withOthers(targets), weights), expires);
    }

    /** Each with all the others behind it, beginning with the next. */
    private static List<Target> withOthers(List<Target> targets) {
        List<Target> all = new ArrayList<>(targets);
        List<Target> each = new ArrayList<>();
        for (Target target : targets) {
            each.add(target.orElse(List.copyOf(all.subList(1, all.size()))));
            Collections.rotate(all, -1);
        }
        return each;
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
        timeouts = bound(fields, "timeouts.connect", timeouts, timeouts::withConnect);
        timeouts = bound(fields, "timeouts.response-head", timeouts, timeouts::withResponseHead);
        timeouts = bound(fields, "timeouts.body-idle", timeouts, timeouts::withBodyIdle);
        timeouts = bound(fields, "timeouts.request-lifetime", timeouts, timeouts::withRequestLifetime);
        timeouts = bound(fields, "timeouts.tunnel-idle", timeouts, timeouts::withTunnelIdle);
        return bound(fields, "timeouts.tunnel-lifetime", timeouts, timeouts::withTunnelLifetime);
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

    private static HeaderEdits toClient(SortedMap<String, String> fields) throws InvalidRouteException {
        var edits = HeaderEdits.builder();
        for (String name : set(fields.get("to-client.remove"))) {
            edit("to-client.remove", name, "", (n, none) -> edits.remove(n));
        }
        fields.remove("to-client.remove");
        edit(fields, "to-client.set.", edits::put);
        edit(fields, "to-client.add.", edits::add);
        return edits.build();
    }

    private static void edit(SortedMap<String, String> fields, String start, BiConsumer<String, String> edit)
            throws InvalidRouteException {
        var these = fields.subMap(start, start + Character.MAX_VALUE);
        for (var field : these.entrySet()) {
            edit(field.getKey(), field.getKey().substring(start.length()), field.getValue(), edit);
        }
        these.clear();
    }

    private static void edit(String field, String name, String value, BiConsumer<String, String> edit)
            throws InvalidRouteException {
        try {
            edit.accept(name, value);
        } catch (IllegalArgumentException e) {
            // Its message never quotes the value, which may be a secret.
            throw new InvalidRouteException(InvalidRouteException.quotable(field), "" + e.getMessage());
        }
    }
}
