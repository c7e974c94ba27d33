package dev.sluice.api.spi;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A plugin's part of the configuration, read key by key. Every getter throws {@link PluginConfigException}, with file,
 * line, key, offending and expected value, when the key is missing and has no default or its value is of another kind.
 * Keys are written {@code in-kebab-case}; a dot reads from a section within.
 */
public interface PluginConfig {

    /** A text that must be there. */
    String string(String key);

    /** A text, or {@code or}. */
    String string(String key, String or);

    /** A text that may be absent. */
    Optional<String> optional(String key);

    /** A whole number between {@code min} and {@code max}, or {@code or}. */
    int integer(String key, int or, int min, int max);

    /** {@code true} or {@code false}, or {@code or}. */
    boolean bool(String key, boolean or);

    /** A positive duration such as {@code 500ms}, {@code 5s}, {@code 2m}, or {@code or}. */
    Duration duration(String key, Duration or);

    /** A number of bytes such as {@code 64k}, or {@code or}. */
    long bytes(String key, long or);

    /** An absolute URI that must be there. */
    URI uri(String key);

    /** One of {@code type}'s constants, written in lower case with dashes, or {@code or}. */
    <E extends Enum<E>> E oneOf(Class<E> type, String key, E or);

    /** A list of texts; a single text counts as a list of one; empty if absent. */
    List<String> strings(String key);

    /** A section that may be absent. */
    Optional<PluginConfig> section(String key);

    /** A list of sections; empty if absent. */
    List<PluginConfig> sections(String key);

    /** The keys of this section, in the order of the file: for sections whose keys are the user's own names. */
    List<String> keys();

    /** Whether the key is there; does not count as reading it. */
    boolean has(String key);

    /**
     * The complaint that {@code key}'s value is wrong, to be thrown by a plugin that checks more than the type.
     *
     * @param problem what was found and what was expected: {@code 70000 (expected: 1-65535)}
     */
    PluginConfigException wrong(String key, String problem);
}
