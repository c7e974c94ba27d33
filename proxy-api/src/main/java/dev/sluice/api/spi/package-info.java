/**
 * How plugins are found, configured and given what they need.
 *
 * <p>A plugin author writes one provider for each plugin, registers it for {@link java.util.ServiceLoader} (with
 * AutoService, or by hand), and is named in a deployment's configuration by {@link
 * dev.sluice.api.spi.PluginProvider#name()}.
 */
@NullMarked
package dev.sluice.api.spi;

import org.jspecify.annotations.NullMarked;
