package dev.sluice.engine.http;

/**
 * The request target (RFC 9112 §3.2). Dot segments, doubled slashes and escapes are neither resolved nor refused: the
 * bytes that were decided on are the bytes that are forwarded. What is refused cannot be forwarded faithfully or has no
 * one reading: bytes outside printable ASCII, {@code #}, and in the path {@code %00} and a {@code %} that starts no
 * escape. A query may hold any {@code %}, because browsers send it so.
 */
final class RequestTarget {

    private RequestTarget() {}

    static void check(String target) throws RefusedHead {
        boolean path = true;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw new RefusedHead(400, "The request target has a character that must be escaped.");
            }
            path &= c != '?';
            if (path && c == '%' && !isEscape(target, i)) {
                throw new RefusedHead(400, "The request target has a malformed escape.");
            }
        }
    }

    private static boolean isEscape(String target, int percent) {
        if (percent + 2 >= target.length()) {
            return false;
        }
        int high = Character.digit(target.charAt(percent + 1), 16);
        int low = Character.digit(target.charAt(percent + 2), 16);
        return high >= 0 && low >= 0 && high + low > 0;
    }

    /** The index behind {@code http://} or {@code https://}, 0 if {@code target} starts with neither. */
    static int schemeEnd(String target) {
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
    }

    /** The authority of a target in absolute form. */
    static String authority(String target, int schemeEnd) {
        return target.substring(schemeEnd, authorityEnd(target, schemeEnd));
    }

    /** The origin form of a target in absolute form (RFC 9112 §3.2.1, §3.2.4). */
    static String origin(String target, int schemeEnd, String method) {
        int end = authorityEnd(target, schemeEnd);
        if (end == target.length()) {
            return method.equals("OPTIONS") ? "*" : "/";
        }
        return target.charAt(end) == '?' ? "/" + target.substring(end) : target.substring(end);
    }

    private static int authorityEnd(String target, int start) {
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return end;
    }
}
