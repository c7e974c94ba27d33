package dev.sluice.engine;

import java.util.Objects;

/**
 * One plugin that a configuration asks for.
 *
 * @param name the provider's name, as configured under {@code plugin}
 * @param when the condition under which the plugin is asked
 * @param config the entry's own section
 */
public record PluginEntry(String name, When when, TrackedConfig config) {
    public PluginEntry {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(when, "when");
        Objects.requireNonNull(config, "config");
    }
}
