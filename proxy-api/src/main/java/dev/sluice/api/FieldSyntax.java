package dev.sluice.api;

/** The grammar of field names and values (RFC 9110 §5.1, §5.5, §5.6.2), for what plugins hand to the engine. */
final class FieldSyntax {

    private FieldSyntax() {}

    static void checkName(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException(
                    "header name: \"" + printable(name) + "\" (expected: a token, RFC 9110 §5.6.2)");
        }
    }

    /** The value is not quoted in the message: it may be a secret. */
    static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("value of header " + name + ": character 0x" + Integer.toHexString(c)
                        + " at index " + i + " (expected: printable Latin-1 or tab, RFC 9110 §5.5)");
            }
        }
    }

    static boolean isToken(String s) {
        if (s.isEmpty()) {
            return false;
        }
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** {@code s} with everything but printable ASCII replaced, and no longer than a log line bears. */
    private static String printable(String s) {
        String cut = s.length() > 64 ? s.substring(0, 64) + "..." : s;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
