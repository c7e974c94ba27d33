package dev.sluice.engine.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client's connection: known before its first request, and true of each.
 *
 * @param address the other end's, or the client's that a balancer there named; resolved
 * @param tls null for a connection in the clear
 */
public record Peer(InetSocketAddress address, @Nullable Tls tls) {

    /**
     * What a connection was secured with.
     *
     * @param serves whether a connection for this host (in canonical form) would have been secured with the same
     *     certificate, and the same demands on the client's
     * @param certificate the client's, verified; empty if it showed none
     */
    public record Tls(Predicate<String> serves, Optional<X509Certificate> certificate) {}

    /** One that speaks in the clear. */
    public static Peer plain(InetSocketAddress address) {
        return new Peer(address, null);
    }
}
