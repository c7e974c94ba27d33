package dev.sluice.engine.config;

import dev.sluice.api.PathReadings;
import dev.sluice.engine.When;
import dev.sluice.engine.builtin.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads {@code when { hosts = [...], paths = [...], methods = [...] }}.
 *
 * <p>Hosts are exact or {@code *.example.org}, compared with the request's canonical host. Methods are compared as they
 * are. Paths are prefixes that end at a segment ({@code /public} takes {@code /public} and {@code /public/a}, not
 * {@code /publicity}), compared with the path as it was sent, letter case included.
 *
 * <p><b>Ambiguous paths.</b> A condition on paths must neither open a door nor step around a guard because a server
 * behind the proxy reads the path differently. So a request that a condition on paths regards (by its host and method) is
 * refused with 400, before any plugin is asked, if
 *
 * <ul>
 *   <li>its path holds a dot segment, a backslash, a control character, an escaped semicolon, or an escape that is not
 *       UTF-8, as sent or after decoding, or a percent sign that begins no escape; or
 *   <li>the condition would come out differently once escapes are decoded (however often), double slashes merged, or
 *       parameters ({@code ;x}) cut off.
 * </ul>
 *
 * So with {@code paths = ["/public"]}, {@code /public/..%2fadmin} and {@code /%70ublic/a} are refused, and
 * {@code /files/a%2Fb} is not: by no reading does it lie below {@code /public}.
 */
final class WhenConfig {

    private WhenConfig() {}

    static When read(HoconConfig entry, Complaints complaints) {
        return complaints
                .attempt(() -> entry.open("when"))
                .<When>map(when -> read(entry, when, complaints))
                .orElse(When.ALWAYS);
    }

    private static Condition read(HoconConfig entry, HoconConfig when, Complaints complaints) {
        Section section = new Section(when, complaints);
        List<HostPattern> hosts = dimension(section, "hosts", HostPattern::of);
        List<String> paths = dimension(section, "paths", WhenConfig::prefix);
        List<String> methods = dimension(section, "methods", WhenConfig::method);
        if (when.keys().isEmpty()) {
            complaints.add(entry.wrong("when", "empty (expected: hosts, paths or methods)"));
        }
        section.refuseUnread();
        return new Condition(hosts, paths, Set.copyOf(methods));
    }

    private static <T> List<T> dimension(Section section, String key, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        section.forEach(key, text -> values.add(parser.apply(text)));
        section.check(key, !section.config().isEmptyList(key), () -> "empty (expected: at least one, or no such key)");
        return values;
    }

    private static String prefix(String path) {
        if (!PathReadings.isPrefix(path)) {
            throw new IllegalArgumentException(path + PathReadings.EXPECTED_PREFIX);
        }
        return PathReadings.withoutSlash(path);
    }

    private static String method(String method) {
        if (!method.matches("[A-Z][A-Z-]*")) {
            throw new IllegalArgumentException(method + " (expected: a method in capitals, such as GET)");
        }
        return method;
    }
}
