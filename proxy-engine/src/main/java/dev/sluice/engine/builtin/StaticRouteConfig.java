package dev.sluice.engine.builtin;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HostPolicy;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.PathReadings;
import dev.sluice.api.Probe;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Timeouts;
import dev.sluice.api.Trust;
import dev.sluice.api.Upstream;
import dev.sluice.api.spi.PluginConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Reads one route of {@code static}. */
final class StaticRouteConfig {

    private static final Duration INHERIT = Duration.ZERO;

    private static final int ANY_GOOD = 0;

    private StaticRouteConfig() {}

    static StaticRoute read(PluginConfig route) {
        List<String> answers =
                Stream.of("upstream", "upstreams", "respond").filter(route::has).toList();
        if (answers.size() != 1) {
            String key = answers.isEmpty() ? "upstream" : answers.get(answers.size() - 1);
            throw route.wrong(
                    key,
                    (answers.isEmpty() ? "missing" : "beside " + answers.get(0))
                            + " (expected: one of upstream, upstreams, respond)");
        }
        String prefix = prefix(route);
        if (answers.contains("respond")) {
            return StaticRoute.responding(prefix, response(route));
        }
        boolean strip = route.bool("strip-prefix", false);
        boolean encodedSlashes = route.bool("allow-encoded-slashes", false);
        Rewrite rewrite = Rewrite.NONE.withHost(hostPolicy(route)).withHeaders(edits(route, "to-upstream"));
        HeaderEdits toClient = edits(route, "to-client");
        Timeouts timeouts = timeouts(route);
        Trust trust = route.oneOf(Trust.class, "trust", Trust.UNTRUSTED);
        Optional<PluginConfig> probe = route.section("probe");
        List<StaticRoute.Target> targets = urls(route, answers.get(0)).stream()
                .map(url -> {
                    StaticRoute.Target bare =
                            ConfigValues.checked(route, answers.get(0), url, StaticRouteConfig::target);
                    Forward forward = bare.forward()
                            .withRewrite(rewrite)
                            .withToClient(toClient)
                            .withTimeouts(timeouts)
                            .withTrust(trust);
                    return new StaticRoute.Target(
                            forward, bare.basePath(), probe.map(section -> probe(section, forward.upstream())));
                })
                .toList();
        return StaticRoute.forwarding(prefix, strip, encodedSlashes, targets);
    }

    private static String prefix(PluginConfig route) {
        String path = route.string("path", "/");
        if (!PathReadings.isPrefix(path)) {
            throw route.wrong("path", path + PathReadings.EXPECTED_PREFIX);
        }
        return PathReadings.withoutSlash(path);
    }

    private static List<String> urls(PluginConfig route, String key) {
        List<String> urls = key.equals("upstream") ? List.of(route.string(key)) : route.strings(key);
        if (urls.isEmpty()) {
            throw route.wrong(key, "empty (expected: at least one upstream)");
        }
        return urls;
    }

    /** The upstream of {@code url}, which may have a base path. */
    private static StaticRoute.Target target(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw unexpected(url);
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || !PathReadings.isPrefix(path)) {
            throw unexpected(url);
        }
        try {
            Upstream upstream = Upstream.of(uri.getScheme() + "://" + uri.getRawAuthority());
            return new StaticRoute.Target(
                    RouteDecision.forward(upstream), PathReadings.withoutSlash(path), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw unexpected(url);
        }
    }

    private static IllegalArgumentException unexpected(String url) {
        return new IllegalArgumentException(
                url + " (expected: http://host[:port][/base] or https://host[:port][/base])");
    }

    /** {@code preserve}, {@code target} or {@code { fixed = "host:port" }}. */
    private static HostPolicy hostPolicy(PluginConfig route) {
        if (route.has("host-policy.fixed")) {
            String key = "host-policy.fixed";
            return ConfigValues.checked(route, key, route.string(key), HostPolicy.Fixed::new);
        }
        return switch (route.string("host-policy", "preserve")) {
            case "preserve" -> HostPolicy.PRESERVE;
            case "target" -> HostPolicy.TARGET;
            default ->
                throw route.wrong(
                        "host-policy",
                        route.string("host-policy") + " (expected: preserve, target or { fixed = \"host:port\" })");
        };
    }

    private static HeaderEdits edits(PluginConfig route, String key) {
        HeaderEdits.Builder edits = HeaderEdits.builder();
        route.section(key).ifPresent(section -> {
            for (String name : section.strings("remove")) {
                ConfigValues.checked(section, "remove", name, edits::remove);
            }
            each(section, "set", edits::put);
            each(section, "add", edits::add);
        });
        return edits.build();
    }

    private static void each(PluginConfig edits, String key, BiFunction<String, String, HeaderEdits.Builder> edit) {
        edits.section(key).ifPresent(section -> {
            for (String name : section.keys()) {
                for (String value : section.strings(name)) {
                    ConfigValues.checked(section, name, value, v -> edit.apply(name, v));
                }
            }
        });
    }

    private static Timeouts timeouts(PluginConfig route) {
        Timeouts timeouts = Timeouts.INHERIT;
        PluginConfig section = route.section("timeouts").orElse(null);
        if (section == null) {
            return timeouts;
        }
        timeouts = with(timeouts, section, "connect", Timeouts::withConnect);
        timeouts = with(timeouts, section, "response-head", Timeouts::withResponseHead);
        timeouts = with(timeouts, section, "body-idle", Timeouts::withBodyIdle);
        timeouts = with(timeouts, section, "request-lifetime", Timeouts::withRequestLifetime);
        timeouts = with(timeouts, section, "tunnel-idle", Timeouts::withTunnelIdle);
        return with(timeouts, section, "tunnel-lifetime", Timeouts::withTunnelLifetime);
    }

    private static Timeouts with(
            Timeouts timeouts, PluginConfig section, String key, BiFunction<Timeouts, Duration, Timeouts> with) {
        Duration duration = section.duration(key, INHERIT);
        return duration.equals(INHERIT) ? timeouts : with.apply(timeouts, duration);
    }

    private static Probe probe(PluginConfig section, Upstream upstream) {
        Probe probe = ConfigValues.checked(section, "path", section.string("path"), path -> Probe.of(upstream, path));
        probe = ConfigValues.checked(section, "host", section.string("host", probe.host()), probe::withHost)
                .withEvery(section.duration("every", probe.every()))
                .withTimeout(section.duration("timeout", probe.timeout()));
        int expect = section.integer("expect", ANY_GOOD, 200, 599);
        return expect == ANY_GOOD ? probe : probe.withExpect(expect);
    }

    private static LocalResponse response(PluginConfig route) {
        PluginConfig respond = route.section("respond").orElseThrow();
        LocalResponse response = LocalResponse.status(respond.integer("status", 200, 200, 599));
        String type = respond.string("content-type", "text/plain; charset=utf-8");
        String body = respond.string("body", "");
        return body.isEmpty()
                ? response
                : ConfigValues.checked(
                        respond,
                        "content-type",
                        type,
                        t -> response.withBody(t, body.getBytes(StandardCharsets.UTF_8)));
    }
}
