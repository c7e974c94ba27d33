package dev.sluice.api;

import java.time.Duration;
import java.util.Optional;

/**
 * Bounds of one forwarded exchange; what is empty is the engine's setting. Durations are positive, with a resolution of a
 * millisecond. Made from {@link #INHERIT} with the {@code with…} methods.
 *
 * @param connect from the first attempt to connect until the connection (with TLS) stands
 * @param responseHead from the end of the request until the head of the final response
 * @param bodyIdle without a byte moved in either direction, while a body is under way
 * @param requestLifetime from the decision to forward until the end of the response, however busy the exchange is
 * @param tunnelIdle without a byte moved in either direction, in a tunnel
 * @param tunnelLifetime of a tunnel, however busy it is
 */
public record Timeouts(
        Optional<Duration> connect,
        Optional<Duration> responseHead,
        Optional<Duration> bodyIdle,
        Optional<Duration> requestLifetime,
        Optional<Duration> tunnelIdle,
        Optional<Duration> tunnelLifetime) {

    /** The engine's settings. */
    public static final Timeouts INHERIT = new Timeouts(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Timeouts {
        requirePositive("connect", connect);
        requirePositive("responseHead", responseHead);
        requirePositive("bodyIdle", bodyIdle);
        requirePositive("requestLifetime", requestLifetime);
        requirePositive("tunnelIdle", tunnelIdle);
        requirePositive("tunnelLifetime", tunnelLifetime);
    }

    public Timeouts withConnect(Duration time) {
        return new Timeouts(Optional.of(time), responseHead, bodyIdle, requestLifetime, tunnelIdle, tunnelLifetime);
    }

    public Timeouts withResponseHead(Duration time) {
        return new Timeouts(connect, Optional.of(time), bodyIdle, requestLifetime, tunnelIdle, tunnelLifetime);
    }

    public Timeouts withBodyIdle(Duration time) {
        return new Timeouts(connect, responseHead, Optional.of(time), requestLifetime, tunnelIdle, tunnelLifetime);
    }

    public Timeouts withRequestLifetime(Duration time) {
        return new Timeouts(connect, responseHead, bodyIdle, Optional.of(time), tunnelIdle, tunnelLifetime);
    }

    public Timeouts withTunnelIdle(Duration time) {
        return new Timeouts(connect, responseHead, bodyIdle, requestLifetime, Optional.of(time), tunnelLifetime);
    }

    public Timeouts withTunnelLifetime(Duration time) {
        return new Timeouts(connect, responseHead, bodyIdle, requestLifetime, tunnelIdle, Optional.of(time));
    }

    private static void requirePositive(String name, Optional<Duration> duration) {
        duration.ifPresent(d -> requirePositive(name, d));
    }

    static void requirePositive(String name, Duration duration) {
        if (duration.toMillis() <= 0) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: at least 1 ms)");
        }
    }
}
