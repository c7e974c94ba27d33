package dev.sluice.engine.launch;

import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.api.spi.RouteResolverProvider;
import dev.sluice.engine.Assembly;
import dev.sluice.engine.PluginInventory;
import dev.sluice.engine.When;
import dev.sluice.engine.config.ProxyConfig;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;

/** What the launcher prints for people. */
final class Report {

    private Report() {}

    /** One line for each provider: SPI, name, class, location. */
    static void inventory(PluginInventory inventory, PrintStream out) {
        providers("authenticator", AuthenticatorProvider.class, inventory, out);
        providers("resolver", RouteResolverProvider.class, inventory, out);
        providers("cookie-merger", CookieMergerProvider.class, inventory, out);
        if (!inventory.complaints().isEmpty()) {
            throw new PluginConfigException(String.join("\n", inventory.complaints()));
        }
    }

    private static <T extends PluginProvider<?>> void providers(
            String spi, Class<T> type, PluginInventory inventory, PrintStream out) {
        inventory
                .of(type)
                .forEach((name, found) -> out.printf(
                        "%-14s %-16s %s  %s%n",
                        spi, name, found.provider().getClass().getName(), found.location()));
    }

    /** The assembled chains, in the order in which they are asked. */
    static void chains(ProxyConfig config, Assembly assembly, PrintStream out) {
        out.println("listen: " + address(config.settings().listen().address()));
        out.println("authenticators:");
        if (config.ambiguousPathGuard().isPresent()) {
            out.println("  (ambiguous paths are refused, for the sake of the conditions on paths)");
        }
        chain(assembly.authenticators(), out);
        out.println("resolvers:");
        chain(assembly.resolvers(), out);
        out.println("cookie-merger: " + config.cookieMerger().name());
    }

    private static <P> void chain(List<Assembly.Entry<P>> entries, PrintStream out) {
        int number = 1;
        for (Assembly.Entry<P> entry : entries) {
            out.println("  " + number++ + ". " + entry.name()
                    + (entry.when() == When.ALWAYS ? "" : "  when " + entry.when()));
        }
    }

    static String address(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
