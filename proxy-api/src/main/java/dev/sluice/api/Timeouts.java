package dev.sluice.api;

import java.time.Duration;
import java.util.Optional;

/**
 * Bounds of one forwarded exchange; what is empty is the engine's setting. Durations are positive, with a resolution of a
 * millisecond.
 *
 * @param connect from the first attempt to connect until the connection (with TLS) stands
 * @param responseHead from the end of the request until the head of the final response
 * @param bodyIdle without a byte moved in either direction, while a body is under way
 * @param tunnelIdle without a byte moved in either direction, in a tunnel
 */
public record Timeouts(
        Optional<Duration> connect,
        Optional<Duration> responseHead,
        Optional<Duration> bodyIdle,
        Optional<Duration> tunnelIdle) {

    /** The engine's settings. */
    public static final Timeouts INHERIT =
            new Timeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Timeouts {
        requirePositive("connect", connect);
        requirePositive("responseHead", responseHead);
        requirePositive("bodyIdle", bodyIdle);
        requirePositive("tunnelIdle", tunnelIdle);
    }

    public Timeouts withConnect(Duration connect) {
        return new Timeouts(Optional.of(connect), responseHead, bodyIdle, tunnelIdle);
    }

    public Timeouts withResponseHead(Duration responseHead) {
        return new Timeouts(connect, Optional.of(responseHead), bodyIdle, tunnelIdle);
    }

    public Timeouts withBodyIdle(Duration bodyIdle) {
        return new Timeouts(connect, responseHead, Optional.of(bodyIdle), tunnelIdle);
    }

    public Timeouts withTunnelIdle(Duration tunnelIdle) {
        return new Timeouts(connect, responseHead, bodyIdle, Optional.of(tunnelIdle));
    }

    private static void requirePositive(String name, Optional<Duration> duration) {
        duration.ifPresent(d -> {
            if (d.toMillis() <= 0) {
                throw new IllegalArgumentException(name + ": " + d + " (expected: at least 1 ms)");
            }
        });
    }
}
