package dev.sluice.engine;

import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.api.spi.RouteResolverProvider;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** What {@link ServiceLoader} finds on the class path and the module path, and what is wrong with it. */
public final class PluginInventory {

    /** A services file that cannot be read complains for ever. */
    private static final int MOST_COMPLAINTS = 100;

    private final Map<Class<?>, Map<String, Found<?>>> bySpi =
            new TreeMap<>((a, b) -> a.getName().compareTo(b.getName()));
    private final List<String> complaints = new ArrayList<>();

    /**
     * A provider that can be named in a configuration.
     *
     * @param location its jar, directory or module
     */
    public record Found<T extends PluginProvider<?>>(String name, T provider, String location) {
        @Override
        public String toString() {
            return provider.getClass().getName() + " (" + location + ")";
        }
    }

    private PluginInventory() {}

    /** Looks with the class loader of the engine, and with the thread's context class loader if that finds nothing. */
    public static PluginInventory take() {
        PluginInventory inventory = take(PluginProvider.class.getClassLoader());
        boolean empty = inventory.bySpi.values().stream().allMatch(Map::isEmpty);
        return empty ? take(Thread.currentThread().getContextClassLoader()) : inventory;
    }

    /** Looks with {@code loader}. */
    public static PluginInventory take(ClassLoader loader) {
        PluginInventory inventory = new PluginInventory();
        inventory.collect(AuthenticatorProvider.class, loader);
        inventory.collect(RouteResolverProvider.class, loader);
        inventory.collect(CookieMergerProvider.class, loader);
        return inventory;
    }

    /** The providers of one SPI, by name. */
    @SuppressWarnings("unchecked")
    public <T extends PluginProvider<?>> Map<String, Found<T>> of(Class<T> spi) {
        return (Map<String, Found<T>>) (Map<?, ?>) bySpi.getOrDefault(spi, Map.of());
    }

    /** What is wrong: providers that cannot be made, bad names, one name twice. No proxy starts with any of it. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    private <T extends PluginProvider<?>> void collect(Class<T> spi, ClassLoader loader) {
        Map<String, Found<?>> found = new TreeMap<>();
        bySpi.put(spi, found);
        Iterator<ServiceLoader.Provider<T>> providers =
                ServiceLoader.load(spi, loader).stream().iterator();
        boolean more = true;
        while (more && complaints.size() < MOST_COMPLAINTS) {
            try {
                more = providers.hasNext();
                if (more) {
                    add(spi, found, providers.next().get());
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                complaints.add(describe(e));
            }
        }
    }

    private <T extends PluginProvider<?>> void add(Class<T> spi, Map<String, Found<?>> found, T provider) {
        String name;
        try {
            name = String.valueOf(provider.name());
        } catch (RuntimeException e) {
            name = e.toString();
        }
        Found<T> one = new Found<>(name, provider, location(provider.getClass()));
        if (!name.matches("[a-z][a-z0-9-]*")) {
            complaints.add(
                    "name of " + one + ": " + name.replaceAll("[^\\x20-\\x7e]", "?") + " (expected: [a-z][a-z0-9-]*)");
            return;
        }
        Found<?> other = found.putIfAbsent(name, one);
        if (other != null) {
            complaints.add(spi.getSimpleName() + " " + name + ": found twice, " + other + " and " + one
                    + " (expected: one jar of the two)");
        }
    }

    private static String describe(Throwable e) {
        String cause = e.getCause() == null ? "" : ": " + e.getCause();
        return (e instanceof LinkageError ? "provider that cannot be linked: " + e : e.getMessage()) + cause;
    }

    private static String location(Class<?> type) {
        if (type.getModule().isNamed()) {
            return "module " + type.getModule().getDescriptor().toNameAndVersion();
        }
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? "unknown location"
                : source.getLocation().getPath();
    }
}
