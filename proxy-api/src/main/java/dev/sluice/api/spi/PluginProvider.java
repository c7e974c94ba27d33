package dev.sluice.api.spi;

/**
 * Makes a plugin from its configuration. Found by {@link java.util.ServiceLoader}, so an implementation has a public
 * constructor without parameters; it is stateless and cheap, and what it makes owns the resources.
 *
 * @param <T> the SPI that the plugin implements
 */
public interface PluginProvider<T> {

    /** The name by which a configuration selects the plugin: {@code [a-z][a-z0-9-]*}, unique within its SPI. */
    String name();

    /**
     * Makes one plugin; called once for each entry in the configuration that names it, on the thread that starts the
     * proxy, where it may block.
     *
     * @throws PluginConfigException if the configuration is wrong, which stops the start, as does any other exception. A
     *     key that was present and not read during this call stops the start too.
     */
    T create(PluginContext context);
}
