package com.example.proxy;

import java.util.Optional;

/**
 * The name space of one application's cookies: {@code sid} is {@code reports-sid} in the browser.
 *
 * <p>{@code __Host-} and {@code __Secure-} stay in front, because browsers check by them what a cookie may be (RFC 6265bis
 * §4.1.3).
 */
record CookiePrefix(String text) {

    /** {@code setCookie}, for the browser. */
    String addTo(String setCookie) {
        String line = setCookie.strip();
        int at = nameStart(line);
        return line.substring(0, at) + text + line.substring(at);
    }

    /** {@code pair} as the application named it; empty if it is not this application's. */
    Optional<String> removeFrom(String pair) {
        String trimmed = pair.strip();
        int at = nameStart(trimmed);
        return trimmed.startsWith(text, at)
                ? Optional.of(trimmed.substring(0, at) + trimmed.substring(at + text.length()))
                : Optional.empty();
    }

    /** Whether a browser could take {@code pair} for one of this application's: some send {@code =n=v} as {@code n=v}. */
    boolean claims(String pair) {
        return removeFrom(pair.replaceFirst("^[=\\s]+", "")).isPresent();
    }

    private static int nameStart(String pair) {
        for (String guard : new String[] {"__Host-", "__Secure-"}) {
            if (pair.regionMatches(true, 0, guard, 0, guard.length())) {
                return guard.length();
            }
        }
        return 0;
    }
}
