package dev.sluice.api;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * The head of one request, as the engine accepted it: the one canonical request that decisions are made on and that is
 * forwarded. Immutable; may be read on any thread and kept, for the bodies are not in it.
 */
public interface ProxyRequest {

    /**
     * A short id of this exchange, for logs and error pages; upstream and client get it as {@code X-Request-Id}. Unique within
     * the proxy and made of {@code [0-9a-z-]}; one that a trusted proxy in front has chosen is taken over, if it is at most
     * 64 of {@code [0-9A-Za-z._-]}.
     */
    String id();

    /** The method as sent; methods are case-sensitive (RFC 9110 §9.1). */
    String method();

    /** {@code http} or {@code https}, as the client sees it: trusted forwarding headers are taken into account. */
    String scheme();

    /** The {@code Host} as the client sent it: host and optional port, valid by RFC 3986 §3.2. */
    String authority();

    /**
     * The host of {@link #authority()} in its canonical form, to be compared and looked up: lower case, without port and
     * without a trailing dot.
     */
    String host();

    /** Path and query, byte for byte as sent. Starts with {@code /}, or is {@code *} for an {@code OPTIONS} request. */
    String target();

    /** {@link #target()} up to the first {@code ?}; not decoded. */
    String path();

    /** All headers as sent, hop-by-hop and identity headers included: a decision sees everything. */
    Headers headers();

    /** The other end of the connection. */
    InetSocketAddress peer();

    /** The client's address: the peer's, or what trusted proxies in front of this one say that it is. */
    InetAddress client();

    /**
     * The certificate that the client showed in the handshake of this connection, verified to have been issued by one that
     * the configuration trusts; empty if it showed none or was not asked.
     */
    default Optional<X509Certificate> clientCertificate() {
        return Optional.empty();
    }

    /** Whether this is a WebSocket handshake (RFC 6455 §4.2.1). */
    boolean webSocket();

    /** Who an authenticator vouched for; empty while authenticators are being asked. */
    Optional<Identity> identity();
}
