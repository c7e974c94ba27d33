package dev.sluice.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin, what it was made from, and how many assemblies hold it: the last one to let go closes it. */
final class LoadedPlugin {

    private static final Logger log = LoggerFactory.getLogger(LoadedPlugin.class);

    private final Class<?> spi;
    private final String name;
    private final TrackedConfig config;
    private final AutoCloseable plugin;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Held by one assembly, to be. */
    LoadedPlugin(Class<?> spi, PluginEntry entry, AutoCloseable plugin) {
        this.spi = spi;
        this.name = entry.name();
        this.config = entry.config();
        this.plugin = plugin;
    }

    AutoCloseable plugin() {
        return plugin;
    }

    /** Whether {@code entry} asks for what this is already. */
    boolean serves(Class<?> spi, PluginEntry entry) {
        return this.spi == spi && name.equals(entry.name()) && config.saysTheSameAs(entry.config());
    }

    void hold() {
        holders.incrementAndGet();
    }

    /** One that fails to close is logged, and stops nothing. */
    void letGo() {
        if (holders.decrementAndGet() > 0) {
            return;
        }
        try {
            plugin.close();
        } catch (Exception e) {
            log.warn("{} failed to close", plugin.getClass().getName(), e);
        }
    }
}
