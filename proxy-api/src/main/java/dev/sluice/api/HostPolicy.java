package dev.sluice.api;

/** Which {@code Host} the upstream sees. */
public sealed interface HostPolicy {

    /** The client's, as sent. */
    HostPolicy PRESERVE = new Preserve();

    /** The upstream's own host and port. */
    HostPolicy TARGET = new Target();

    /** The client's, as sent. */
    record Preserve() implements HostPolicy {}

    /** The upstream's own host and port. */
    record Target() implements HostPolicy {}

    /** Always {@code authority}: host and optional port. */
    record Fixed(String authority) implements HostPolicy {
        public Fixed {
            if (!authority.matches("[A-Za-z0-9._~\\-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+\\](:[0-9]{1,5})?")) {
                throw new IllegalArgumentException(
                        "host: " + authority.replaceAll("[^\\x20-\\x7e]", "?") + " (expected: host or host:port)");
            }
        }
    }
}
