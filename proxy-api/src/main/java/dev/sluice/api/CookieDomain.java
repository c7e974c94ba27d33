package dev.sluice.api;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code Domain} attribute of {@code Set-Cookie} lines, read as browsers read it (RFC 6265 §5.2.3 and §5.3, RFC
 * 6265bis §5.6 and §5.7).
 *
 * <p>A cookie with a domain is sent to every host that domain-matches it (RFC 6265 §5.1.3). So an application at {@code
 * a.example.org} that sets one for {@code example.org} reaches its siblings, where it shadows and evicts their cookies, and
 * the proxy's if those have a domain too. A {@link CookieMerger} that keeps untrusted applications apart leaves such lines
 * out; the default one does.
 */
public final class CookieDomain {

    private static final String ATTRIBUTE = "domain";

    /** A browser ignores an attribute with a longer value, so that the one before it counts (§5.6). */
    private static final int LONGEST_VALUE = 1024;

    private CookieDomain() {}

    /**
     * {@code setCookies} less the lines that would set a cookie for a parent domain of {@code host}, or may be read so; the
     * other lines stay byte for byte and in order. A list without such a line is returned as it is.
     *
     * <p>What stays: no domain, {@code host} itself, a host below it, and a foreign domain, both of which browsers refuse
     * (RFC 6265 §5.3, step 6).
     *
     * @param setCookies the values of {@code Set-Cookie} fields, one for each line
     * @param host as {@link ProxyRequest#host()} has it: in lower case, without a port
     */
    public static List<String> withoutParents(List<String> setCookies, String host) {
        List<String> kept = null;
        for (int i = 0; i < setCookies.size(); i++) {
            String line = setCookies.get(i);
            boolean wide = isForParent(line, host);
            if (wide && kept == null) {
                kept = new ArrayList<>(setCookies.subList(0, i));
            } else if (!wide && kept != null) {
                kept.add(line);
            }
        }
        return kept == null ? setCookies : kept;
    }

    /** The last attribute counts. An empty one does not, because older browsers ignore it. */
    private static boolean isForParent(String line, String host) {
        boolean parent = false;
        int semicolon = line.indexOf(';');
        while (semicolon >= 0) {
            int next = line.indexOf(';', semicolon + 1);
            int end = next < 0 ? line.length() : next;
            int equals = line.indexOf('=', semicolon);
            if (equals >= 0 && equals < end && isDomain(line, semicolon + 1, equals)) {
                int from = afterBlanks(line, equals + 1, end);
                int to = beforeBlanks(line, from, end);
                if (from < to && to - from <= LONGEST_VALUE) {
                    parent = isParent(line, line.charAt(from) == '.' ? from + 1 : from, to, host);
                }
            }
            semicolon = next;
        }
        return parent;
    }

    private static boolean isDomain(String line, int from, int to) {
        int start = afterBlanks(line, from, to);
        return beforeBlanks(line, start, to) - start == ATTRIBUTE.length()
                && line.regionMatches(true, start, ATTRIBUTE, 0, ATTRIBUTE.length());
    }

    /** Whether the domain is a proper suffix of {@code host}, or may be read as one because it is not plain ASCII. */
    private static boolean isParent(String line, int from, int to, String host) {
        for (int i = from; i < to; i++) {
            if (line.charAt(i) >= 0x7f || line.charAt(i) == '%') {
                return true;
            }
        }
        // A browser that forgives the dot that ends a full name sees the parent all the same.
        int end = to > from && line.charAt(to - 1) == '.' ? to - 1 : to;
        int length = end - from;
        int dot = host.length() - length - 1;
        return length == 0
                || (dot >= 0 && host.charAt(dot) == '.' && line.regionMatches(true, from, host, dot + 1, length));
    }

    private static int afterBlanks(String line, int from, int end) {
        int at = from;
        while (at < end && line.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }

    private static int beforeBlanks(String line, int from, int end) {
        int at = end;
        while (at > from && line.charAt(at - 1) <= ' ') {
            at--;
        }
        return at;
    }
}
