package dev.sluice.engine.builtin;

import dev.sluice.api.spi.PluginConfig;
import java.util.function.Function;

/** Values whose own constructors know what is wrong with them. */
final class ConfigValues {

    private ConfigValues() {}

    /** {@code parse(value)}, whose {@link IllegalArgumentException} becomes a complaint about {@code key}. */
    static <A, T> T checked(PluginConfig config, String key, A value, Function<A, T> parse) {
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            throw config.wrong(key, String.valueOf(e.getMessage()));
        }
    }
}
