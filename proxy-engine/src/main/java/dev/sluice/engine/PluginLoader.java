package dev.sluice.engine;

import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.api.spi.RouteResolverProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the plugins that a configuration names. Selection is by name alone, never by the order of the class path; whatever
 * is wrong stops the start.
 */
public final class PluginLoader {

    private static final Logger log = LoggerFactory.getLogger(PluginLoader.class);

    private final PluginInventory inventory;
    private final Function<PluginConfig, PluginContext> contexts;

    /** @param contexts what a plugin with this configuration is given: {@code runtime::contextFor} */
    public PluginLoader(PluginInventory inventory, Function<PluginConfig, PluginContext> contexts) {
        this.inventory = inventory;
        this.contexts = contexts;
    }

    /**
     * Makes every plugin, in the order given. If one cannot be made, those that were are closed again.
     *
     * @throws PluginConfigException listing every complaint, one a line
     */
    public Assembly assemble(List<PluginEntry> authenticators, List<PluginEntry> resolvers, PluginEntry cookieMerger) {
        return assemble(authenticators, resolvers, cookieMerger, List.of());
    }

    /**
     * As {@link #assemble}, to take the place of {@code former}: what is asked for and is there already, with the same
     * configuration, is taken over as it is, with its connections and what it remembers. Both assemblies are to be closed.
     */
    public Assembly reassemble(
            Assembly former, List<PluginEntry> authenticators, List<PluginEntry> resolvers, PluginEntry cookieMerger) {
        return assemble(authenticators, resolvers, cookieMerger, former.loaded());
    }

    private Assembly assemble(
            List<PluginEntry> authenticators,
            List<PluginEntry> resolvers,
            PluginEntry cookieMerger,
            List<LoadedPlugin> former) {
        Batch batch = new Batch(inventory.complaints(), former);
        batch.refuseIfWrong();
        batch.require(AuthenticatorProvider.class, authenticators);
        batch.require(RouteResolverProvider.class, resolvers);
        batch.require(CookieMergerProvider.class, List.of(cookieMerger));
        batch.refuseIfWrong();
        try {
            List<Assembly.Entry<Authenticator>> auth = batch.create(AuthenticatorProvider.class, authenticators);
            List<Assembly.Entry<RouteResolver>> routes = batch.create(RouteResolverProvider.class, resolvers);
            List<Assembly.Entry<CookieMerger>> merger = batch.create(CookieMergerProvider.class, List.of(cookieMerger));
            batch.refuseIfWrong();
            return new Assembly(auth, routes, merger.get(0).plugin(), batch.made);
        } catch (RuntimeException | Error e) {
            Assembly.letGo(batch.made);
            throw e;
        }
    }

    /** The plugins made by one call, and the complaints about them. */
    private final class Batch {
        private final List<String> complaints;
        private final List<LoadedPlugin> made = new ArrayList<>();
        private final List<LoadedPlugin> former;

        Batch(List<String> complaints, List<LoadedPlugin> former) {
            this.complaints = new ArrayList<>(complaints);
            this.former = new ArrayList<>(former);
        }

        <T extends PluginProvider<?>> void require(Class<T> spi, List<PluginEntry> entries) {
            Map<String, PluginInventory.Found<T>> found = inventory.of(spi);
            for (PluginEntry entry : entries) {
                if (!found.containsKey(entry.name())) {
                    String known = found.isEmpty() ? "none was found" : String.join(", ", found.keySet());
                    complaints.add(String.valueOf(entry.config()
                            .wrong("plugin", entry.name() + " (expected: the name of a plugin: " + known + ")")
                            .getMessage()));
                }
            }
        }

        <P extends AutoCloseable, T extends PluginProvider<P>> List<Assembly.Entry<P>> create(
                Class<T> spi, List<PluginEntry> entries) {
            List<Assembly.Entry<P>> plugins = new ArrayList<>();
            for (PluginEntry entry : entries) {
                try {
                    plugins.add(new Assembly.Entry<>(entry.name(), entry.when(), load(spi, entry)));
                } catch (PluginConfigException e) {
                    complaints.add(String.valueOf(e.getMessage()));
                }
            }
            return plugins;
        }

        private <P extends AutoCloseable, T extends PluginProvider<P>> P load(Class<T> spi, PluginEntry entry) {
            for (LoadedPlugin there : former) {
                if (there.serves(spi, entry)) {
                    former.remove(there); // two entries that say the same are two plugins
                    there.hold();
                    made.add(there);
                    return plugin(there);
                }
            }
            P plugin = create(Objects.requireNonNull(inventory.of(spi).get(entry.name())), entry);
            made.add(new LoadedPlugin(spi, entry, plugin));
            complaints.addAll(entry.config().unread());
            return plugin;
        }

        @SuppressWarnings("unchecked") // of the same SPI
        private static <P> P plugin(LoadedPlugin there) {
            return (P) there.plugin();
        }

        private <P, T extends PluginProvider<P>> P create(PluginInventory.Found<T> found, PluginEntry entry) {
            P plugin;
            try {
                plugin = found.provider().create(contexts.apply(entry.config()));
            } catch (PluginConfigException e) {
                throw e;
            } catch (RuntimeException | LinkageError e) {
                throw entry.config().wrong("plugin", entry.name() + " failed to start: " + e);
            }
            if (plugin == null) {
                throw entry.config().wrong("plugin", entry.name() + " returned null (expected: a plugin)");
            }
            log.info("Plugin {}: {}", entry.name(), found);
            return plugin;
        }

        void refuseIfWrong() {
            if (!complaints.isEmpty()) {
                throw new PluginConfigException(String.join("\n", complaints));
            }
        }
    }
}
