package dev.sluice.testkit.wire;

import java.nio.charset.StandardCharsets;

/** Bytes for people: line ends and odd bytes visible, and no more of them than an error message bears. */
final class Printable {

    private static final int LONGEST = 4096;

    private Printable() {}

    static String of(byte[] bytes) {
        return of(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static String of(String latin1) {
        var shown = new StringBuilder();
        for (int i = 0; i < Math.min(latin1.length(), LONGEST); i++) {
            char c = latin1.charAt(i);
            switch (c) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n\n");
                default -> shown.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\x%02x", (int) c));
            }
        }
        return latin1.length() > LONGEST ? shown.append("...").toString() : shown.toString();
    }
}
