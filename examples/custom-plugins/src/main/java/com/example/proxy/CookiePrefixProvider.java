package com.example.proxy;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.PathReadings;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code cookie-prefix}: {@code routes = [ { host = tools.example.org, path = "/reports", prefix = "reports-" } ]}. */
public final class CookiePrefixProvider implements CookieMergerProvider {

    @Override
    public String name() {
        return "cookie-prefix";
    }

    @Override
    public CookieMerger create(PluginContext context) {
        PluginConfig config = context.config();
        List<CookieRoute> routes = new ArrayList<>();
        for (PluginConfig section : config.sections("routes")) {
            CookieRoute route = route(section);
            if (routes.stream()
                    .anyMatch(other ->
                            overlap(other.prefix().text(), route.prefix().text()))) {
                throw section.wrong("prefix", route.prefix().text() + " (expected: none begins as another does)");
            }
            routes.add(route);
        }
        if (routes.isEmpty()) {
            throw config.wrong("routes", "none (expected: at least one, or the merger \"default\")");
        }
        return new PrefixingCookieMerger(routes);
    }

    private static CookieRoute route(PluginConfig section) {
        String path = section.string("path");
        if (!PathReadings.isPrefix(path)) {
            throw section.wrong("path", path + PathReadings.EXPECTED_PREFIX);
        }
        String prefix = section.string("prefix");
        if (!prefix.matches("[A-Za-z0-9]+[-.]")) {
            throw section.wrong("prefix", prefix + " (expected: letters and digits, then a dash or a dot)");
        }
        return new CookieRoute(
                section.string("host").toLowerCase(Locale.ROOT),
                PathReadings.withoutSlash(path),
                new CookiePrefix(prefix));
    }

    private static boolean overlap(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }
}
