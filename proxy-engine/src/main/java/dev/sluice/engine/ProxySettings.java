package dev.sluice.engine;

import dev.sluice.api.Network;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a proxy is set to, apart from its plugins. Immutable; {@link #defaults()} and the {@code with…} methods make it.
 *
 * @param listen where clients connect, and how
 * @param transport which of Netty's transports moves the bytes
 * @param timeouts bounds in time
 * @param limits bounds in size
 * @param pool how connections to upstreams are kept
 * @param trustedProxies the networks whose forwarding headers are believed; empty trusts nobody
 */
public record ProxySettings(
        Listen listen,
        Transport transport,
        PhaseTimeouts timeouts,
        Limits limits,
        Pool pool,
        List<Network> trustedProxies) {

    /** Which of Netty's transports moves the bytes. */
    public enum Transport {
        /** The best native one whose jar is on the class path, else {@link #NIO}; io_uring is never chosen by itself. */
        AUTO,
        NIO,
        EPOLL,
        IO_URING
    }

    /**
     * Bounds in time, each positive.
     *
     * @param requestHead from a request's first byte to the end of its head
     * @param pluginCall for the authenticators, and again for the resolvers, to answer about one request
     * @param connect until the connection to the upstream stands
     * @param responseHead from the end of the request to the head of its final response
     * @param bodyIdle without a byte of a body moved
     * @param keepAliveIdle between two requests of a client
     * @param tunnelIdle without a byte moved in a tunnel
     * @param tunnelPing silence in a WebSocket after which the proxy sends a ping to the client
     * @param drain from the signal to stop until what still runs is cut off
     */
    public record PhaseTimeouts(
            Duration requestHead,
            Duration pluginCall,
            Duration connect,
            Duration responseHead,
            Duration bodyIdle,
            Duration keepAliveIdle,
            Duration tunnelIdle,
            Duration tunnelPing,
            Duration drain) {}

    /**
     * Bounds in size, each positive.
     *
     * @param requestLine bytes of a start line; a longer request line is answered 414
     * @param headerBytes bytes of a head's fields, beyond which 431
     * @param headerCount field lines of a head, beyond which 431
     * @param pipelined requests of one connection that may wait for their turn; more end the connection
     */
    public record Limits(int requestLine, int headerBytes, int headerCount, int pipelined) {}

    /**
     * How connections to upstreams are kept; each event loop has a pool of its own.
     *
     * @param idlePerUpstream idle connections kept for one upstream by one event loop
     * @param idle how long a connection may wait for its next request
     * @param age how old a connection may be when it is used again
     * @param requests how many requests one connection may carry
     */
    public record Pool(int idlePerUpstream, Duration idle, Duration age, int requests) {}

    public ProxySettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Listens on {@code 127.0.0.1:8000} and trusts nobody. */
    public static ProxySettings defaults() {
        return new ProxySettings(
                Listen.on(new InetSocketAddress("127.0.0.1", 8000)),
                Transport.AUTO,
                new PhaseTimeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofHours(1),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30)),
                new Limits(8192, 32768, 128, 64),
                new Pool(256, Duration.ofSeconds(30), Duration.ofMinutes(10), 10_000),
                List.of());
    }

    public ProxySettings withListen(InetSocketAddress address) {
        return withListen(listen.withAddress(address));
    }

    public ProxySettings withListen(Listen listen) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, trustedProxies);
    }

    public ProxySettings withTransport(Transport transport) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, trustedProxies);
    }

    public ProxySettings withTimeouts(PhaseTimeouts timeouts) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, trustedProxies);
    }

    public ProxySettings withLimits(Limits limits) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, trustedProxies);
    }

    public ProxySettings withPool(Pool pool) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, trustedProxies);
    }

    public ProxySettings withTrustedProxies(List<Network> trustedProxies) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, trustedProxies);
    }
}
