package dev.sluice.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a request's path may mean to the servers behind the proxy, for whoever decides something by it.
 *
 * <p>The path is forwarded as it was sent, but servers decode escapes (some of them twice), merge slashes, and cut
 * parameters ({@code ;x}) off. A decision by prefix is safe only if it comes out the same for every such reading; where
 * no list of readings would be complete there is none, and the request is to be refused: for dot segments, backslashes,
 * control characters, escaped semicolons and escapes that are not UTF-8, as sent or once decoded, and for a percent sign
 * that begins no escape.
 */
public final class PathReadings {

    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");

    /** Some servers take more for an escape than RFC 3986 §2.1 does: {@code %u002e}. */
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** Deeper nesting of escapes has no honest use. */
    private static final int MAX_DECODINGS = 4;

    /** For complaints about what {@link #isPrefix} refuses. */
    public static final String EXPECTED_PREFIX =
            " (expected: starts with /, without escapes, dot segments, double slashes, \\ ; ? #)";

    private PathReadings() {}

    /** Whether {@code path} may be configured as a prefix: one that is read in one way only. */
    public static boolean isPrefix(String path) {
        return path.startsWith("/") && isPlain(path) && path.indexOf('?') < 0 && path.indexOf('#') < 0;
    }

    /** A configured prefix in the form that {@link #isBelow} takes. */
    public static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /** Whether there is no reading but the path itself. Allocates nothing. */
    public static boolean isPlain(String path) {
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean special = c == '%' || c == ';' || c == '\\' || c <= ' ' || c >= 0x7f;
            if (special || (before == '/' && (c == '/' || c == '.'))) {
                return false;
            }
            before = c;
        }
        return true;
    }

    /** Every reading, the path as sent first; empty if no list would be complete: then the request is to be refused. */
    public static List<String> of(String path) {
        if (BROKEN_ESCAPE.matcher(path).find()) {
            return List.of();
        }
        Set<String> seen = new HashSet<>();
        List<String> readings = new ArrayList<>();
        String level = path;
        for (int i = 0; i <= MAX_DECODINGS; i++) {
            if (!isDecidable(level) || (i > 0 && level.indexOf(';') >= 0 && path.indexOf(';') < 0)) {
                return List.of();
            }
            String cut = level.replaceAll(";[^/]*", "");
            for (String reading : List.of(level, level.replaceAll("/+", "/"), cut, cut.replaceAll("/+", "/"))) {
                if (seen.add(reading)) {
                    readings.add(reading);
                }
            }
            if (!ESCAPE.matcher(level).find()) {
                return readings;
            }
            level = decode(level);
        }
        return List.of();
    }

    /** Whether {@code path} is {@code prefix} or lies below it; {@code prefix} has no slash at its end. */
    public static boolean isBelow(String path, String prefix) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || prefix.isEmpty() || path.charAt(prefix.length()) == '/');
    }

    private static boolean isDecidable(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c < ' ' || c == 0x7f || c == '\\' || c == '\ufffd') {
                return false;
            }
        }
        for (String segment : path.split("/", -1)) {
            String name = segment.replaceFirst(";.*", "");
            if (name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** Decodes once; what is not UTF-8 becomes U+FFFD, which is undecidable. */
    private static String decode(String path) {
        byte[] sent = path.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(sent.length);
        for (int i = 0; i < sent.length; i++) {
            int high = sent[i] == '%' && i + 2 < sent.length ? Character.digit(sent[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(sent[i + 2], 16);
            if (low < 0) {
                decoded.put(sent[i]);
            } else {
                decoded.put((byte) (high << 4 | low));
                i += 2;
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            return "\ufffd";
        }
    }
}
