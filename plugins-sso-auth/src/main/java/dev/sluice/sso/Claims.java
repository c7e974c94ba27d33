package dev.sluice.sso;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A provider's JSON about a user, as names with texts. What lies within objects is named with dots. */
final class Claims {

    /** Of the protocol, not of the user. */
    private static final Set<String> PROTOCOL =
            Set.of("nonce", "at_hash", "c_hash", "s_hash", "exp", "iat", "nbf", "jti", "azp", "aud", "events");

    private Claims() {}

    static Map<String, List<String>> of(Map<String, Object> json) {
        Map<String, List<String>> claims = new HashMap<>();
        json.forEach((name, value) -> {
            if (!PROTOCOL.contains(name)) {
                add(claims, name, value);
            }
        });
        return claims;
    }

    private static void add(Map<String, List<String>> claims, String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            object.forEach((key, inner) -> add(claims, name + "." + key, inner));
        } else {
            List<String> texts = texts(value);
            if (!texts.isEmpty()) {
                claims.put(name, texts);
            }
        }
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream()
                    .filter(Objects::nonNull)
                    .filter(item -> !(item instanceof Map) && !(item instanceof List))
                    .map(Object::toString)
                    .toList();
        }
        return value == null ? List.of() : List.of(value.toString());
    }

    /** The one value of {@code name}; fails if there is none. */
    static String required(Map<String, List<String>> claims, String name) {
        List<String> values = claims.getOrDefault(name, List.of());
        if (values.size() != 1 || values.get(0).isBlank()) {
            throw SsoFailure.refused("the provider told no single \"" + name + "\" of the user");
        }
        return values.get(0);
    }
}
