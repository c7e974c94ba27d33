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
 * @param limits bounds in number, size and rate
 * @param pool how connections to upstreams are kept
 * @param upstreamTls whom to trust, and who to be, towards upstreams with {@code https}
 * @param trustedProxies the networks whose forwarding headers are believed; empty trusts nobody
 */
public record ProxySettings(
        Listen listen,
        Transport transport,
        PhaseTimeouts timeouts,
        Limits limits,
        Pool pool,
        UpstreamTls upstreamTls,
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
     * @param tlsHandshake for a client's handshake, from its connection to its end
     * @param requestHead from a request's first byte to the end of its head
     * @param pluginCall for the authenticators, and again for the resolvers, to answer about one request
     * @param queue for one of the exchanges with a busy upstream to end, so that the next can begin
     * @param connect until the connection to the upstream stands
     * @param ejection how long others are preferred to an upstream that could not be connected to
     * @param responseHead from the end of the request to the head of its final response
     * @param bodyIdle without a byte of a body moved
     * @param bodyGrace how far the body of a request may lag behind {@link Limits#bodyRate}
     * @param requestLifetime from a request's head to the end of its response, whatever happens between
     * @param keepAliveIdle between two requests of a client
     * @param tunnelIdle without a byte moved in a tunnel
     * @param tunnelPing silence in a WebSocket after which the proxy sends a ping to the client
     * @param tunnelLifetime of a tunnel, whatever moves in it
     * @param drain from the signal to stop until what still runs is cut off
     */
    public record PhaseTimeouts(
            Duration tlsHandshake,
            Duration requestHead,
            Duration pluginCall,
            Duration queue,
            Duration connect,
            Duration ejection,
            Duration responseHead,
            Duration bodyIdle,
            Duration bodyGrace,
            Duration requestLifetime,
            Duration keepAliveIdle,
            Duration tunnelIdle,
            Duration tunnelPing,
            Duration tunnelLifetime,
            Duration drain) {}

    /**
     * Bounds in number, size and rate, each positive.
     *
     * @param connections of clients in all; beyond it none is accepted, and those that come wait in the system's queue
     * @param connectionsPerAddress of clients at one address (IPv6: one /64), beyond which 429; trusted proxies are exempt
     * @param requestsPerConnection after which a client's connection is closed
     * @param requestLine bytes of a start line; a longer request line is answered 414
     * @param headerBytes bytes of a head's fields, beyond which 431
     * @param headerCount field lines of a head, beyond which 431
     * @param pipelined requests of one connection that may wait for their turn; more end the connection
     * @param bodyRate bytes a second that a client has to send of a body; a slower one is answered 408
     * @param pluginCalls of authenticators and resolvers that may be under way, beyond which 503
     * @param exchangesPerUpstream that one upstream is given at once, tunnels included
     * @param queuedPerUpstream exchanges that may wait for one of those to end, beyond which 503
     * @param connectFailures in a row after which others are preferred to an upstream, where a route names several
     */
    public record Limits(
            int connections,
            int connectionsPerAddress,
            int requestsPerConnection,
            int requestLine,
            int headerBytes,
            int headerCount,
            int pipelined,
            int bodyRate,
            int pluginCalls,
            int exchangesPerUpstream,
            int queuedPerUpstream,
            int connectFailures) {}

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
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofDays(1),
                        Duration.ofSeconds(60),
                        Duration.ofHours(1),
                        Duration.ofSeconds(30),
                        Duration.ofDays(7),
                        Duration.ofSeconds(30)),
                new Limits(20_000, 5_000, 10_000, 8192, 32768, 128, 64, 256, 5_000, 10_000, 1_000, 3),
                new Pool(256, Duration.ofSeconds(30), Duration.ofMinutes(10), 10_000),
                UpstreamTls.DEFAULT,
                List.of());
    }

    public ProxySettings withListen(InetSocketAddress address) {
        return withListen(listen.withAddress(address));
    }

    public ProxySettings withListen(Listen listen) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, upstreamTls, trustedProxies);
    }

    public ProxySettings withTransport(Transport transport) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, upstreamTls, trustedProxies);
    }

    public ProxySettings withTimeouts(PhaseTimeouts timeouts) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, upstreamTls, trustedProxies);
    }

    public ProxySettings withLimits(Limits limits) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, upstreamTls, trustedProxies);
    }

    public ProxySettings withPool(Pool pool) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, upstreamTls, trustedProxies);
    }

    public ProxySettings withUpstreamTls(UpstreamTls upstreamTls) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, upstreamTls, trustedProxies);
    }

    public ProxySettings withTrustedProxies(List<Network> trustedProxies) {
        return new ProxySettings(listen, transport, timeouts, limits, pool, upstreamTls, trustedProxies);
    }
}
