package dev.sluice.engine.config;

import dev.sluice.api.spi.PluginConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Collects what is wrong with a file, so that its author sees all of it at once. */
final class Complaints {

    private final List<String> complaints = new ArrayList<>();

    /** What {@code read} returns, or {@code instead} if it complains. */
    <T> T or(T instead, Supplier<T> read) {
        try {
            return read.get();
        } catch (PluginConfigException e) {
            add(e);
            return instead;
        }
    }

    /** What {@code read} returns, empty if it complains. */
    <T> Optional<T> attempt(Supplier<Optional<T>> read) {
        return or(Optional.empty(), read);
    }

    /** Shows each text of a list to {@code use}, whose {@link IllegalArgumentException} is a complaint about that one. */
    void forEach(HoconConfig config, String key, Consumer<String> use) {
        List<String> texts = or(List.of(), () -> config.strings(key));
        for (int i = 0; i < texts.size(); i++) {
            try {
                use.accept(texts.get(i));
            } catch (IllegalArgumentException e) {
                add(config.wrong(key + "[" + i + "]", String.valueOf(e.getMessage())));
            }
        }
    }

    void add(PluginConfigException complaint) {
        complaints.add(String.valueOf(complaint.getMessage()));
    }

    void addAll(List<String> more) {
        complaints.addAll(more);
    }

    void throwIfAny() {
        if (!complaints.isEmpty()) {
            throw new PluginConfigException(String.join("\n", complaints));
        }
    }
}
