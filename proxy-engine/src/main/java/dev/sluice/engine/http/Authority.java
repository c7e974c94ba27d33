package dev.sluice.engine.http;

import io.netty.util.NetUtil;
import java.util.Locale;

/**
 * {@code host[:port]} of a request (RFC 3986 §3.2). Narrower than the RFC where it invites two readings: no user
 * information, no percent escapes, no {@code sub-delims} (a comma would be a second host), no empty label, no empty port.
 */
final class Authority {

    private static final int LONGEST_HOST = 255;

    private Authority() {}

    /** Whether {@code authority} is a host with an optional port and nothing else. */
    static boolean isValid(String authority) {
        int end = hostEnd(authority);
        if (end <= 0 || end > LONGEST_HOST) {
            return false;
        }
        boolean host = authority.charAt(0) == '['
                ? end > 2 && isIpV6(authority.substring(1, end - 1))
                : isName(authority, end);
        return host && (end == authority.length() || isPort(authority, end + 1));
    }

    /** The host of a valid authority: lower case, without port, without the dot that ends a fully qualified name. */
    static String host(String authority) {
        int end = hostEnd(authority);
        if (authority.charAt(end - 1) == '.') {
            end--;
        }
        String host = end == authority.length() ? authority : authority.substring(0, end);
        return host.toLowerCase(Locale.ROOT);
    }

    /** The index behind the host, -1 if a bracket does not close or something other than a port follows. */
    private static int hostEnd(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']') + 1;
            return end > 0 && (end == authority.length() || authority.charAt(end) == ':') ? end : -1;
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority.length() : colon;
    }

    private static boolean isName(String authority, int end) {
        char before = '.';
        for (int i = 0; i < end; i++) {
            char c = authority.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean mark = c == '-' || c == '_' || c == '~' || (c == '.' && before != '.');
            if (!alphanumeric && !mark) {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static boolean isIpV6(String address) {
        return address.indexOf('%') < 0 && address.indexOf('[') < 0 && NetUtil.isValidIpV6Address(address);
    }

    private static boolean isPort(String authority, int start) {
        int port = 0;
        for (int i = start; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c < '0' || c > '9' || i - start >= 5) {
                return false;
            }
            port = port * 10 + (c - '0');
        }
        return port > 0 && port <= 65535;
    }
}
