package dev.sluice.django;

import dev.sluice.api.spi.PluginConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which hosts are applications': {@code {public-host}.{root}}, in which {@code {public-host}} is one label. */
final class HostPattern {

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_.-]+(:[1-9][0-9]{0,4})?");

    private final Pattern pattern;
    private final String root;

    private HostPattern(Pattern pattern, String root) {
        this.pattern = pattern;
        this.root = root;
    }

    static HostPattern read(PluginConfig config) {
        String root = config.string("domain").toLowerCase(Locale.ROOT);
        if (!DOMAIN.matcher(root).matches()) {
            throw config.wrong("domain", root + " (expected: a domain such as example.org, with a port if need be)");
        }
        Template template = Template.read(config, "host", "{public-host}.{root}", List.of("public-host", "root"));
        if (!template.names("public-host")) {
            throw config.wrong("host", config.string("host", "") + " (expected: {public-host} in it)");
        }
        // A label is at most 63 octets (RFC 1035 §2.3.4); what surrounds it is literal.
        String quoted = template.fill(
                Map.of("public-host", "\\E([a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?)\\Q", "root", withoutPort(root)));
        return new HostPattern(Pattern.compile("\\Q" + quoted + "\\E"), root);
    }

    /** What {@code host}, in its canonical form, stands for; null if it is no application's. */
    @Nullable
    Site site(String host) {
        Matcher matcher = pattern.matcher(host);
        if (!matcher.matches()) {
            return null;
        }
        String shown = host + root.substring(withoutPort(root).length());
        return new Site(shown, matcher.group(1), OptionalInt.empty(), root);
    }

    private static String withoutPort(String authority) {
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }
}
