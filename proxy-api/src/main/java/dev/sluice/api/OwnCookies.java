package dev.sluice.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of the cookies that the proxy owns, and the two rules that every {@link CookieMerger} keeps with their help:
 * own cookies do not reach an untrusted upstream, and no upstream sets or clears them.
 *
 * <p>With a declared name {@code n} go its chunks {@code n_0} to {@code n_99} and the transaction cookies
 * {@code n_tx_…}. Names are compared without regard to ASCII case and after trimming what lenient parsers trim (spaces,
 * quotes, Unicode blanks), because a browser or a server that folds such a name to ours would be fooled (RFC 6265bis
 * §5.4, §5.7).
 */
public final class OwnCookies {

    /** A proxy without cookies. */
    public static final OwnCookies NONE = new OwnCookies(Set.of());

    private final List<String> names;

    private OwnCookies(Set<String> names) {
        this.names = List.copyOf(new TreeSet<>(names));
    }

    /** Owns {@code names} and the names derived from them. */
    public static OwnCookies of(Set<String> names) {
        Set<String> lower = new TreeSet<>();
        for (String name : names) {
            if (!FieldSyntax.isToken(name)) {
                throw new IllegalArgumentException(
                        "own cookie: \"" + name + "\" (expected: a token, RFC 6265bis §4.1.1)");
            }
            lower.add(name.toLowerCase(Locale.ROOT));
        }
        return lower.isEmpty() ? NONE : new OwnCookies(lower);
    }

    /** Whether there is nothing to guard. */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** Whether {@code name} is owned. */
    public boolean owns(String name) {
        String folded = fold(name);
        for (String own : names) {
            if (folded.startsWith(own) && isDerived(folded, own.length())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether {@code pair}, one {@code name=value} of a {@code Cookie} or the head of a {@code Set-Cookie} line, names an
     * owned cookie. A pair without a name counts by its text: browsers send {@code =n=v} and {@code n=v} alike (RFC
     * 6265bis §5.7).
     */
    public boolean ownsPair(String pair) {
        int start = 0;
        while (start < pair.length() && (pair.charAt(start) == '=' || isBlank(pair.charAt(start)))) {
            start++;
        }
        int end = pair.indexOf('=', start);
        return owns(pair.substring(start, end < 0 ? pair.length() : end));
    }

    /** {@code cookieLines} less the owned pairs; the other pairs stay byte for byte and in order. */
    public List<String> without(List<String> cookieLines) {
        if (names.isEmpty()) {
            return cookieLines;
        }
        List<String> kept = new ArrayList<>(cookieLines.size());
        for (String line : cookieLines) {
            String rest = without(line);
            if (!rest.isEmpty()) {
                kept.add(rest);
            }
        }
        return kept;
    }

    private String without(String line) {
        StringBuilder kept = null;
        int from = 0;
        while (from <= line.length()) {
            int semicolon = line.indexOf(';', from);
            int to = semicolon < 0 ? line.length() : semicolon;
            boolean own = ownsPair(line.substring(from, to));
            if (own && kept == null) {
                kept = new StringBuilder(line.length()).append(line, 0, Math.max(0, from - 1));
            } else if (!own && kept != null) {
                kept.append(kept.isEmpty() ? line.substring(from, to).stripLeading() : ";" + line.substring(from, to));
            }
            from = to + 1;
        }
        return kept == null ? line : kept.toString();
    }

    /** {@code setCookies} less the lines that would set or clear an owned cookie. */
    public List<String> withoutSetting(List<String> setCookies) {
        if (names.isEmpty()) {
            return setCookies;
        }
        List<String> kept = new ArrayList<>(setCookies.size());
        for (String line : setCookies) {
            int semicolon = line.indexOf(';');
            if (!ownsPair(semicolon < 0 ? line : line.substring(0, semicolon))) {
                kept.add(line);
            }
        }
        return kept;
    }

    /** Whether the rest of {@code name} from {@code at} is empty, a chunk number or a transaction's suffix. */
    private static boolean isDerived(String name, int at) {
        if (at == name.length()) {
            return true;
        }
        String rest = name.substring(at);
        return rest.startsWith("_tx_") || rest.matches("_[0-9]{1,2}");
    }

    private static String fold(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && isBlank(name.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(start, end).toLowerCase(Locale.ROOT);
    }

    /** What some server or browser trims from around a name: quotes, controls, Unicode blanks and their Latin-1 bytes. */
    private static boolean isBlank(char c) {
        return c <= ' ' || c == '"' || c >= 0x7f;
    }

    /** Names are no secret. */
    @Override
    public String toString() {
        return "OwnCookies" + names;
    }
}
