package dev.sluice.engine.builtin;

import com.google.auto.service.AutoService;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.RouteResolverProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code static}: routes from the configuration, by host and path. */
@AutoService(RouteResolverProvider.class)
public final class StaticProvider implements RouteResolverProvider {

    @Override
    public String name() {
        return "static";
    }

    @Override
    public RouteResolver create(PluginContext context) {
        PluginConfig config = context.config();
        Map<String, List<StaticRoute>> byHost = new LinkedHashMap<>();
        for (PluginConfig section : config.sections("routes")) {
            String host = host(section);
            StaticRoute route = StaticRouteConfig.read(section);
            List<StaticRoute> routes = byHost.computeIfAbsent(host, h -> new ArrayList<>());
            if (routes.stream().anyMatch(other -> other.prefix().equals(route.prefix()))) {
                throw section.wrong(
                        "path",
                        (route.prefix().isEmpty() ? "/" : route.prefix()) + " of host "
                                + (host.isEmpty() ? "(any)" : host)
                                + " comes twice (expected: one route for each host and path)");
            }
            routes.add(route);
        }
        if (byHost.isEmpty()) {
            throw config.wrong("routes", "none (expected: at least one route)");
        }
        return new StaticRoutes(byHost);
    }

    /** Empty for every host. */
    private static String host(PluginConfig section) {
        return section.optional("host")
                .map(host -> ConfigValues.checked(section, "host", host, HostPattern::of)
                        .toString())
                .orElse("");
    }
}
