package dev.sluice.testkit;

import dev.sluice.api.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Header fields as a test gives them. Immutable. */
public final class FakeHeaders implements Headers {

    /** No fields. */
    public static final FakeHeaders NONE = new FakeHeaders(List.of());

    private final List<Map.Entry<String, String>> fields;

    private FakeHeaders(List<Map.Entry<String, String>> fields) {
        this.fields = fields;
    }

    /** These fields with one more line behind them. */
    public FakeHeaders with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(fields);
        more.add(Map.entry(name, value));
        return new FakeHeaders(List.copyOf(more));
    }

    @Override
    public @Nullable String get(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    @Override
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super String> consumer) {
        fields.forEach(field -> consumer.accept(field.getKey(), field.getValue()));
    }
}
