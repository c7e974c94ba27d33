package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.RouteResolverProvider;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginLoaderTest {

    @TempDir
    Path dir;

    private static final List<String> events = new ArrayList<>();

    /** Announces its plugin's life in {@link #events}. */
    public static class Recorded implements AuthenticatorProvider {
        @Override
        public String name() {
            return "recorded";
        }

        @Override
        public Authenticator create(PluginContext context) {
            String id = context.config().string("id");
            events.add("create " + id);
            return new Authenticator() {
                @Override
                public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void close() {
                    events.add("close " + id);
                    if (context.config().bool("fails-to-close", false)) {
                        throw new IllegalStateException("closing");
                    }
                }
            };
        }
    }

    public static class SameName extends Recorded {}

    public static class BadName extends Recorded {
        @Override
        public String name() {
            return "Bad Name";
        }
    }

    public static class ThrowingName extends Recorded {
        @Override
        public String name() {
            throw new IllegalStateException("no name");
        }
    }

    public static class ThrowingConstructor extends Recorded {
        public ThrowingConstructor() {
            throw new IllegalStateException("no licence");
        }
    }

    public static class NoDefaultConstructor extends Recorded {
        public NoDefaultConstructor(String unused) {
            events.add(unused);
        }
    }

    public static class ThrowingCreate extends Recorded {
        @Override
        public String name() {
            return "throwing";
        }

        @Override
        public Authenticator create(PluginContext context) {
            throw new IllegalStateException("redis://user:hunter2@host is down");
        }
    }

    @SuppressWarnings("NullAway") // what a careless author may return
    public static class NullPlugin extends Recorded {
        @Override
        public String name() {
            return "null";
        }

        @Override
        public Authenticator create(PluginContext context) {
            return null;
        }
    }

    public static class Nowhere implements RouteResolverProvider {
        @Override
        public String name() {
            return "recorded";
        }

        @Override
        public RouteResolver create(PluginContext context) {
            return request -> {
                throw new UnsupportedOperationException();
            };
        }
    }

    /** The inventory of a class path with these services alone. */
    private PluginInventory inventory(String... authenticators) throws IOException {
        Path services = Files.createDirectories(dir.resolve("META-INF/services"));
        Files.write(services.resolve(AuthenticatorProvider.class.getName()), List.of(authenticators));
        Files.write(services.resolve(RouteResolverProvider.class.getName()), List.of(Nowhere.class.getName()));
        return PluginInventory.take(new IsolatedServices(dir.toUri().toURL()));
    }

    /** Sees this test's classes, and no services but those of one directory and the default merger's. */
    private static final class IsolatedServices extends URLClassLoader {
        IsolatedServices(URL url) {
            super(new URL[] {url}, PluginLoaderTest.class.getClassLoader());
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.endsWith(CookieMergerProvider.class.getName()) ? super.getResources(name) : findResources(name);
        }
    }

    private static Assembly assemble(PluginInventory inventory, String authenticators) {
        ProxyConfig config = ProxyConfig.read(HoconConfig.parse(
                "authenticators = [\n" + authenticators + "\n]\nresolvers = [ { plugin = recorded } ]"));
        events.clear();
        return new PluginLoader(inventory, FakePluginContext::new)
                .assemble(config.authenticators(), config.resolvers(), config.cookieMerger());
    }

    @Test
    void builtIns_areFoundByName() {
        PluginInventory inventory = PluginInventory.take();
        assertThat(inventory.complaints()).isEmpty();
        assertThat(inventory.of(AuthenticatorProvider.class)).containsKeys("anonymous", "ip-allow");
        assertThat(inventory.of(RouteResolverProvider.class)).containsKeys("static");
        assertThat(inventory.of(CookieMergerProvider.class)).containsKeys("default");
        assertThat(inventory.of(RouteResolverProvider.class).get("static"))
                .asString()
                .startsWith("dev.sluice.engine.builtin.StaticProvider (/");
    }

    @Test
    void plugins_areMadeInOrderAndClosedInTheReverseOne() throws Exception {
        Assembly assembly = assemble(
                inventory(Recorded.class.getName()),
                "{ plugin = recorded, id = a }\n{ plugin = recorded, id = b, when { hosts = [x] } }");
        assertThat(assembly.authenticators()).extracting(Assembly.Entry::name).containsExactly("recorded", "recorded");
        assertThat(assembly.authenticators().get(0).when()).isSameAs(When.ALWAYS);
        assertThat(assembly.authenticators().get(1).when().matches(FakeRequest.get("http://x/")))
                .isTrue();
        assertThat(assembly.resolvers()).hasSize(1);
        assertThat(assembly.cookieMerger()).isInstanceOf(CookieMerger.class);
        assembly.close();
        assertThat(events).containsExactly("create a", "create b", "close b", "close a");
    }

    @Test
    void pluginThatFailsToClose_doesNotKeepTheOthersOpen() throws Exception {
        PluginInventory inventory = inventory(Recorded.class.getName());
        assertThatThrownBy(() -> assemble(
                        inventory,
                        "{ plugin = recorded, id = a }\n{ plugin = recorded, id = b, fails-to-close = true }"))
                .hasMessageContaining("fails-to-close: unknown key");
        assertThat(events).containsExactly("create a", "create b", "close b", "close a");
    }

    @Test
    void everyPluginsComplaints_areListedAndWhatWasMadeIsClosed() throws Exception {
        PluginInventory inventory =
                inventory(Recorded.class.getName(), ThrowingCreate.class.getName(), NullPlugin.class.getName());
        assertThatThrownBy(() -> assemble(inventory, """
                                { plugin = recorded, id = a, typo = 1 }
                                { plugin = recorded }
                                { plugin = throwing }
                                { plugin = "null" }""")).message().isEqualToNormalizingNewlines("""
                        authenticators[0].typo: unknown key (expected: id, plugin, when), proxy.conf: 2
                        authenticators[1].id: missing (expected: a text), proxy.conf: 3
                        authenticators[2].plugin: throwing failed to start: java.lang.IllegalStateException: redis://***@host is down, proxy.conf: 4
                        authenticators[3].plugin: null returned null (expected: a plugin), proxy.conf: 5""");
        assertThat(events).containsExactly("create a", "close a");
    }

    @Test
    void unknownPlugin_isRefusedWithWhatWasFound_andNothingIsMade() throws Exception {
        PluginInventory inventory = inventory(Recorded.class.getName(), ThrowingCreate.class.getName());
        assertThatThrownBy(() -> assemble(inventory, "{ plugin = recorded, id = a }\n{ plugin = recordet }"))
                .hasMessage(
                        "authenticators[1].plugin: recordet (expected: the name of a plugin: recorded, throwing), proxy.conf: 3");
        assertThat(events).isEmpty();
    }

    @Test
    void missingClass_isRefused() throws Exception {
        assertRefused(inventory("org.example.Missing", Recorded.class.getName()), "org.example.Missing not found");
    }

    @Test
    void throwingConstructor_isRefused() throws Exception {
        assertRefused(inventory(ThrowingConstructor.class.getName(), Recorded.class.getName()), "no licence");
    }

    @Test
    void missingDefaultConstructor_isRefused() throws Exception {
        assertRefused(
                inventory(NoDefaultConstructor.class.getName(), Recorded.class.getName()), "NoDefaultConstructor");
    }

    @Test
    void wrongType_isRefused() throws Exception {
        assertRefused(
                inventory(PluginLoaderTest.class.getName(), Recorded.class.getName()),
                "PluginLoaderTest not a subtype");
    }

    @Test
    void classListedTwice_countsOnce() throws Exception {
        PluginInventory inventory = inventory(Recorded.class.getName(), Recorded.class.getName());
        assertThat(inventory.complaints()).isEmpty();
        assertThat(inventory.of(AuthenticatorProvider.class)).containsOnlyKeys("recorded");
    }

    @Test
    void twoProvidersOfOneName_areRefusedWithBothClassesAndWhereTheyAre() throws Exception {
        PluginInventory inventory = inventory(Recorded.class.getName(), SameName.class.getName());
        String where = PluginLoaderTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        assertThat(inventory.complaints())
                .containsExactly("AuthenticatorProvider recorded: found twice, " + Recorded.class.getName() + " ("
                        + where + ") and " + SameName.class.getName() + " (" + where
                        + ") (expected: one jar of the two)");
    }

    @Test
    void badNames_areRefused() throws Exception {
        assertRefused(
                inventory(BadName.class.getName(), Recorded.class.getName()), "Bad Name (expected: [a-z][a-z0-9-]*)");
        assertRefused(inventory(ThrowingName.class.getName(), Recorded.class.getName()), "no name");
    }

    @Test
    void everyBadProvider_isListed() throws Exception {
        PluginInventory inventory = inventory(
                "org.example.Missing",
                ThrowingConstructor.class.getName(),
                BadName.class.getName(),
                Recorded.class.getName(),
                PluginLoaderTest.class.getName());
        assertThat(inventory.complaints()).hasSize(4);
        assertThat(inventory.of(AuthenticatorProvider.class)).containsOnlyKeys("recorded");
    }

    @Test
    void brokenServicesFile_isRefused() throws Exception {
        assertThat(inventory("this is not a class name").complaints())
                .singleElement()
                .asString()
                .contains("Illegal configuration-file syntax");
    }

    /** The complaint is there, the good provider next to the bad one is found, and no proxy starts all the same. */
    private static void assertRefused(PluginInventory inventory, String complaint) {
        assertThat(inventory.complaints()).singleElement().asString().contains(complaint);
        assertThat(inventory.of(AuthenticatorProvider.class)).containsOnlyKeys("recorded");
        assertThatThrownBy(() -> assemble(inventory, "{ plugin = recorded, id = a }"))
                .hasMessageContaining(complaint);
        assertThat(events).isEmpty();
    }
}
