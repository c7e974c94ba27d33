package dev.sluice.django;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one host stands for.
 *
 * @param host the host as templates show it, with the port of a development set-up
 * @param name the application's public host
 * @param port another port of the application, if the host names one
 * @param root the domain below which the applications' hosts are, as templates show it
 */
record Site(String host, String name, OptionalInt port, String root) {

    // Strict, for an application may be called tool--00001234 after a commit.
    private static final Pattern PORT_OVERRIDE = Pattern.compile("(.+)--([1-9][0-9]{0,4})");

    /** The same host read as {@code {public-host}--{port}}; empty if it cannot be. */
    Optional<Site> asPortOverride() {
        Matcher matcher = PORT_OVERRIDE.matcher(name);
        if (port.isPresent() || !matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
            return Optional.empty();
        }
        return Optional.of(new Site(host, matcher.group(1), OptionalInt.of(Integer.parseInt(matcher.group(2))), root));
    }

    /** The values of the placeholders {@code {host}}, {@code {public-host}} and {@code {root}}. */
    Map<String, String> values() {
        return Map.of("host", host, "public-host", name, "root", root);
    }

    /** {@link #values} and one more. */
    Map<String, String> valuesWith(String placeholder, String value) {
        Map<String, String> values = new HashMap<>(values());
        values.put(placeholder, value);
        return values;
    }
}
