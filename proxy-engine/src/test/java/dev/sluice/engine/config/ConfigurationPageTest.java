package dev.sluice.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.api.spi.RouteResolverProvider;
import dev.sluice.engine.Listen;
import dev.sluice.engine.PluginInventory;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.FakePluginContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for users names every key that is read, and no other. */
class ConfigurationPageTest {

    private static final Pattern PLUGIN = Pattern.compile("## Plugin `(.*)`");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (?:`([^`]*)`)?.*");

    /** Opens every section there is, so that the keys within are asked for. */
    private static final String EVERYTHING = """
            authenticators = [ { plugin = anonymous, when { hosts = [a] } }, { plugin = ip-allow, networks = ["::/0"] } ]
            resolvers = [ { plugin = static, when { hosts = [a] }, routes = [
              { host = a, upstream = "http://a", host-policy { fixed = a }, timeouts {}, probe { path = / }
                to-upstream { set { NAME = a }, add { NAME = a } }, to-client { set { NAME = a }, add { NAME = a } } }
              { host = b, upstreams = ["http://a"] }
              { host = c, respond {} }
            ] } ]
            cookie-merger { plugin = default }
            listen { proxy-protocol {}, tls {
              certificates = [ { certificate = "DIR/a.pem", key = "DIR/a.key" } ]
              client-certificates = [ { trust = "DIR/a.pem", when { hosts = [a] } } ]
            } }
            upstream-tls {}, timeouts {}, limits {}, pool {}, forwarding {}, admin {}, reload {}, access-log {}
            """;

    @TempDir
    static Path certificates;

    @BeforeAll
    static void writeCertificate() {
        TestAuthority.writeKeyPair(certificates, "a", TestAuthority.create().issue("a"));
    }

    private static String everything() {
        return EVERYTHING.replace("DIR", certificates.toString());
    }

    /** Key to default, by plugin; the file's own under the empty name. */
    private static Map<String, Map<String, String>> page() throws IOException {
        Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        String plugin = "";
        boolean keys = false;
        for (String line : Files.readAllLines(Path.of("../docs/configuration.md"))) {
            Matcher heading = PLUGIN.matcher(line);
            if (heading.matches()) {
                plugin = heading.group(1);
                tables.put(plugin, new LinkedHashMap<>());
            }
            keys = line.startsWith("| key ") || (keys && line.startsWith("|"));
            Matcher row = ROW.matcher(line);
            if (keys && row.matches()) {
                tables.computeIfAbsent(plugin, p -> new LinkedHashMap<>())
                        .put(row.group(1), Objects.requireNonNullElse(row.group(2), ""));
            }
        }
        return tables;
    }

    @Test
    void fileKeys_areThoseOfThePage() throws Exception {
        HoconConfig file = HoconConfig.parse(everything());
        ProxyConfig.read(file);
        assertThat(leaves(page().getOrDefault("", Map.of()).keySet())).isEqualTo(leaves(file.known()));
    }

    @Test
    void pluginKeys_areThoseOfThePage() throws Exception {
        HoconConfig file = HoconConfig.parse(everything());
        Map<String, Map<String, String>> page = page();
        PluginInventory inventory = PluginInventory.take();
        for (HoconConfig entry : file.openAll("authenticators")) {
            assertDocumented(page, inventory.of(AuthenticatorProvider.class), entry);
        }
        for (HoconConfig entry : file.openAll("resolvers")) {
            assertDocumented(page, inventory.of(RouteResolverProvider.class), entry);
        }
        assertDocumented(
                page,
                inventory.of(CookieMergerProvider.class),
                file.open("cookie-merger").orElseThrow());
        assertThat(page.keySet()).isEqualTo(Set.of("", "anonymous", "ip-allow", "static", "default"));
    }

    private static <T extends PluginProvider<?>> void assertDocumented(
            Map<String, Map<String, String>> page, Map<String, PluginInventory.Found<T>> found, HoconConfig entry) {
        String name = entry.string("plugin");
        Objects.requireNonNull(found.get(name)).provider().create(new FakePluginContext(entry));
        Set<String> read = leaves(entry.known());
        read.remove("plugin");
        assertThat(leaves(page.getOrDefault(name, Map.of()).keySet())).as(name).isEqualTo(read);
    }

    @Test
    void defaultsOfThePage_areTheCodes() throws Exception {
        String settings = page().getOrDefault("", Map.of()).entrySet().stream()
                .filter(row -> !row.getKey().contains("[]") && !row.getValue().isEmpty())
                .map(row -> row.getKey() + " = " + row.getValue())
                .collect(Collectors.joining("\n", everything(), ""));
        assertThat(settings).contains("listen.port = ").contains("pool.age = ");
        ProxySettings read = ProxyConfig.read(HoconConfig.parse(settings)).settings();
        Listen plain = new Listen(read.listen().address(), read.listen().proxyProtocol(), Optional.empty());
        assertThat(read.withListen(plain)).isEqualTo(ProxySettings.defaults());
    }

    @Test
    void examplesOfThePage_areAccepted() throws Exception {
        String page = Files.readString(Path.of("../docs/configuration.md"));
        int from = page.indexOf("    listen {");
        String example = page.substring(from, page.indexOf("\n\n", from));
        assertThat(ProxyConfig.read(HoconConfig.parse(example)).resolvers()).hasSize(1);
    }

    /** Without the sections, of which {@code host-policy} is one at times. */
    private static Set<String> leaves(Collection<String> keys) {
        Set<String> leaves = new TreeSet<>(keys);
        leaves.removeIf(
                key -> keys.stream().anyMatch(other -> other.startsWith(key + ".") || other.startsWith(key + "[].")));
        return leaves;
    }
}
