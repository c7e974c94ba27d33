package dev.sluice.sso;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a query. One that is given twice, or that does not decode, counts as not given. */
final class Query {

    private final Map<String, String> values = new HashMap<>();

    private Query() {}

    static Query of(String target) {
        Query query = new Query();
        Set<String> seen = new HashSet<>();
        int mark = target.indexOf('?');
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
                if (name != null && value != null && seen.add(name)) {
                    query.values.put(name, value);
                } else if (name != null) {
                    query.values.remove(name);
                }
            }
        }
        return query;
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    private static @Nullable String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Queries hold codes and states. */
    @Override
    public String toString() {
        return "Query" + values.keySet();
    }
}
