package dev.sluice.engine;

import dev.sluice.api.spi.PluginConfig;
import java.util.List;

/** A configuration that remembers which of its keys were read, so that a misspelt one is found. */
public interface TrackedConfig extends PluginConfig {

    /** One complaint for each key that is there and was not read, those of opened sections included; empty is well. */
    List<String> unread();

    /** Whether a plugin made from {@code other} would be as one made from this; {@code when} is none of a plugin's. */
    boolean saysTheSameAs(TrackedConfig other);
}
