package dev.sluice.engine.builtin;

import java.util.Locale;

/** A host as configured: exact, or {@code *.example.org} for every host below, however deep, itself excluded. */
public final class HostPattern {

    private final String text;

    private HostPattern(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException saying what was found and expected */
    public static HostPattern of(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        String name = "[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*";
        if (!host.matches("(\\*\\.)?" + name + "|\\[[0-9a-f:.]+\\]")) {
            throw new IllegalArgumentException(text + " (expected: a host without a port, or *.host)");
        }
        return new HostPattern(host);
    }

    public boolean isWildcard() {
        return text.startsWith("*");
    }

    /** The exact host, or what a host below ends with, its first dot included. */
    public String suffix() {
        return isWildcard() ? text.substring(1) : text;
    }

    /** Whether {@code host}, in canonical form, is meant. */
    public boolean matches(String host) {
        if (!isWildcard()) {
            return host.equals(text);
        }
        int label = host.length() - (text.length() - 1);
        return label > 0 && host.startsWith(text.substring(1), label);
    }

    @Override
    public String toString() {
        return text;
    }
}
