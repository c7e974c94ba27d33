package dev.sluice.redis;

/** A route that cannot be used, and why, for the person who wrote it. */
final class InvalidRouteException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int MAX_QUOTED = 100;

    InvalidRouteException(String field, String found, String expected) {
        this(field, quotable(found) + " (expected: " + expected + ")");
    }

    /** For a problem that is already worded, or whose value must not be quoted. */
    InvalidRouteException(String field, String problem) {
        super(field + ": " + problem, null, false, false);
    }

    /** {@code text} with everything but printable ASCII replaced, and no longer than a log line bears. */
    static String quotable(String text) {
        String cut = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
        return cut.replaceAll("//[^/@]*@", "//***@").replaceAll("[^\\x20-\\x7e]", "?");
    }
}
