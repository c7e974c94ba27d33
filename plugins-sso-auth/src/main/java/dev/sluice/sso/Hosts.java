package dev.sluice.sso;

import dev.sluice.api.spi.PluginConfig;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns of host names: a name, or {@code *.} and a name, which stands for every host below it. */
final class Hosts {

    private static final Pattern SYNTAX = Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]*)(\\.[a-z0-9][a-z0-9-]*)*");

    private Hosts() {}

    /** The patterns that are configured as {@code key}. */
    static List<String> patterns(PluginConfig config, String key) {
        List<String> hosts = config.strings(key);
        for (String host : hosts) {
            if (!isPattern(host)) {
                throw config.wrong(key, host + " (expected: a host in lower case without port, or *. and one)");
            }
        }
        return hosts;
    }

    static boolean isPattern(String text) {
        return SYNTAX.matcher(text).matches();
    }

    static boolean matchesAny(List<String> patterns, String host) {
        for (String pattern : patterns) {
            if (matches(pattern, host)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String host) {
        return pattern.startsWith("*.")
                ? host.length() > pattern.length() - 1 && host.endsWith(pattern.substring(1))
                : host.equals(pattern);
    }
}
