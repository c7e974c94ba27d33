package dev.sluice.engine.text;

import org.jspecify.annotations.Nullable;

/**
 * One line under way. What others chose is cut, and escaped as in JSON wherever it is not plain ASCII, so that it can neither
 * end the line nor the field that it stands in, nor do anything to a terminal.
 */
public final class Line {

    private static final int LONGEST_TEXT = 500;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder(400);

    /** The proxy's own words and figures. */
    public Line raw(Object ours) {
        out.append(ours);
        return this;
    }

    public Line raw(long figure) {
        out.append(figure);
        return this;
    }

    /** Milliseconds, to the microsecond. */
    public Line millis(long nanos) {
        long micros = nanos / 1000;
        out.append(micros / 1000).append('.');
        long rest = micros % 1000;
        out.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
        return this;
    }

    /** Text of others, in quotes. */
    public Line text(CharSequence theirs) {
        return escaped(theirs, ' ');
    }

    /** Text of others without quotes: a space would end it. */
    public Line word(CharSequence theirs) {
        return escaped(theirs, '!');
    }

    /** A further member of a JSON object, if there is a value. */
    public Line member(String name, @Nullable Object theirs) {
        if (theirs != null) {
            out.append(",\"").append(name).append("\":\"");
            text(theirs.toString()).out.append('"');
        }
        return this;
    }

    private Line escaped(CharSequence theirs, char lowest) {
        int length = Math.min(theirs.length(), LONGEST_TEXT);
        for (int i = 0; i < length; i++) {
            char c = theirs.charAt(i);
            if (c < lowest || c > '~' || c == '"' || c == '\\') {
                out.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]);
                out.append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
            } else {
                out.append(c);
            }
        }
        if (length < theirs.length()) {
            out.append("...");
        }
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
