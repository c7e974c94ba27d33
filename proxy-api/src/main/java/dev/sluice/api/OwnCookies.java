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
        return owns(name, 0, name.length());
    }

    /**
     * Whether {@code pair}, one {@code name=value} of a {@code Cookie} or the head of a {@code Set-Cookie} line, names an
     * owned cookie. A pair without a name counts by its text: browsers send {@code =n=v} and {@code n=v} alike (RFC
     * 6265bis §5.7).
     */
    public boolean ownsPair(String pair) {
        return ownsPair(pair, 0, pair.length());
    }

    /**
     * {@code cookieLines} less the owned pairs; the other pairs stay byte for byte and in order. A list without an owned
     * pair is returned as it is.
     */
    public List<String> without(List<String> cookieLines) {
        List<String> kept = null;
        for (int i = 0; i < cookieLines.size(); i++) {
            String line = cookieLines.get(i);
            String rest = without(line);
            if (kept == null && !rest.equals(line)) {
                kept = new ArrayList<>(cookieLines.subList(0, i));
            }
            if (kept != null && !rest.isEmpty()) {
                kept.add(rest);
            }
        }
        return kept == null ? cookieLines : kept;
    }

    private String without(String line) {
        StringBuilder kept = null;
        int from = 0;
        while (from <= line.length()) {
            int to = end(line, ';', from);
            boolean own = ownsPair(line, from, to);
            if (own && kept == null) {
                kept = new StringBuilder(line.length()).append(line, 0, Math.max(0, from - 1));
            } else if (!own && kept != null) {
                if (kept.isEmpty()) {
                    kept.append(line.substring(from, to).stripLeading());
                } else {
                    kept.append(line, from - 1, to);
                }
            }
            from = to + 1;
        }
        return kept == null ? line : kept.toString();
    }

    /**
     * {@code setCookies} less the lines that would set or clear an owned cookie. A list without such a line is returned as
     * it is.
     */
    public List<String> withoutSetting(List<String> setCookies) {
        List<String> kept = null;
        for (int i = 0; i < setCookies.size(); i++) {
            String line = setCookies.get(i);
            boolean own = ownsPair(line, 0, end(line, ';', 0));
            if (own && kept == null) {
                kept = new ArrayList<>(setCookies.subList(0, i));
            } else if (!own && kept != null) {
                kept.add(line);
            }
        }
        return kept == null ? setCookies : kept;
    }

    private boolean ownsPair(String text, int from, int to) {
        int start = from;
        while (start < to && (text.charAt(start) == '=' || isBlank(text.charAt(start)))) {
            start++;
        }
        return owns(text, start, Math.min(to, end(text, '=', start)));
    }

    private boolean owns(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        for (int i = 0; i < names.size(); i++) {
            String own = names.get(i);
            int rest = start + own.length();
            if (rest <= end && text.regionMatches(true, start, own, 0, own.length()) && isDerived(text, rest, end)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code text} from {@code from} to {@code to} is empty, a chunk number or a transaction's suffix. */
    private static boolean isDerived(String text, int from, int to) {
        if (from == to) {
            return true;
        }
        boolean transaction = to - from >= 4 && text.regionMatches(true, from, "_tx_", 0, 4);
        boolean chunk = to - from <= 3 && text.charAt(from) == '_' && isNumber(text, from + 1, to);
        return transaction || chunk;
    }

    private static boolean isNumber(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return to > from;
    }

    /** The index of {@code mark} from {@code from} on, the text's end if there is none. */
    private static int end(String text, char mark, int from) {
        int at = text.indexOf(mark, from);
        return at < 0 ? text.length() : at;
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
