package dev.sluice.api;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of a head's fields. Names are compared without regard to case (RFC 9110 §5.1); order and
 * multiplicity are as received.
 */
public interface Headers {

    /** The first value of {@code name}, or null if the field is absent. */
    @Nullable
    String get(String name);

    /** All values of {@code name}, one for each field line, in order; empty if the field is absent. */
    List<String> all(String name);

    /** Whether at least one field line has this name. */
    default boolean contains(String name) {
        return get(name) != null;
    }

    /** Shows every field line to {@code consumer}: name as sent, and value. */
    void forEach(BiConsumer<? super String, ? super String> consumer);
}
