package dev.sluice.engine.netty;

import org.jspecify.annotations.Nullable;

/** Text of others in our log: bounded, and on one line whatever it holds. */
final class LogText {

    private static final int LONGEST = 200;

    private LogText() {}

    static String of(@Nullable Throwable cause) {
        if (cause == null) {
            return "-";
        }
        String text = cause.getClass().getSimpleName() + " " + cause.getMessage();
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
