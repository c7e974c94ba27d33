package dev.sluice.engine.http;

import dev.sluice.api.Headers;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A plugin's view of the fields as they were received. */
final class HeadersView implements Headers {

    private final HttpHeaders headers;

    HeadersView(HttpHeaders headers) {
        this.headers = headers;
    }

    @Override
    public @Nullable String get(String name) {
        return headers.get(name);
    }

    @Override
    public List<String> all(String name) {
        Iterator<String> values = headers.valueStringIterator(name);
        if (!values.hasNext()) {
            return List.of();
        }
        String first = values.next();
        if (!values.hasNext()) {
            return List.of(first); // as nearly always
        }
        return List.copyOf(headers.getAll(name));
    }

    @Override
    public boolean contains(String name) {
        return headers.contains(name);
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super String> consumer) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            consumer.accept(field.getKey().toString(), field.getValue().toString());
        }
    }

    /** The number of field lines: values may be secrets. */
    @Override
    public String toString() {
        return "Headers[" + headers.size() + "]";
    }
}
