package dev.sluice.engine.admin;

import dev.sluice.api.ProxyFailure;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What metrics and spans are told apart by. Clients and upstreams cannot make new values of any of it. */
final class Labels {

    /** RFC 9110 §9.3 and RFC 5789. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private Labels() {}

    static String method(String sent) {
        return METHODS.contains(sent) ? sent : "other";
    }

    static String route(@Nullable String name) {
        return name == null ? "none" : name;
    }

    /** As a number if it is of one of HTTP's classes, for an upstream may send any. */
    static String status(int code) {
        return code == 0 ? "none" : code < 600 ? Integer.toString(code) : "other";
    }

    static String outcome(ProxyFailure.@Nullable Kind failure) {
        return failure == null ? "ok" : lower(failure);
    }

    static String culprit(ProxyFailure.@Nullable Kind failure) {
        return failure == null ? "none" : lower(failure.culprit());
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
