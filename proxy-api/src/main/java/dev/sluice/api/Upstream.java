package dev.sluice.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;

/**
 * A server that requests are forwarded to: the whole identity of a connection, so that two upstreams that are equal may
 * share one and two that differ never do.
 */
public final class Upstream {

    private final boolean tls;
    private final String host;
    private final int port;
    private final int hash;

    private Upstream(boolean tls, String host, int port) {
        this.tls = tls;
        this.host = host;
        this.port = port;
        this.hash = Objects.hash(tls, host, port);
    }

    /**
     * Parses {@code http://host[:port]} or {@code https://host[:port]}, with nothing behind it but an optional
     * {@code /}.
     *
     * @throws IllegalArgumentException with the offending and the expected value
     */
    public static Upstream of(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw unexpected(url);
        }
        return of(uri);
    }

    /** As {@link #of(String)}. */
    public static Upstream of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        boolean bare = uri.getUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        boolean root = uri.getRawPath() == null
                || uri.getRawPath().isEmpty()
                || uri.getRawPath().equals("/");
        if ((!tls && !scheme.equals("http")) || uri.getHost() == null || !bare || !root || port < 1 || port > 65535) {
            throw unexpected(uri.toString());
        }
        return new Upstream(tls, uri.getHost().toLowerCase(Locale.ROOT), port);
    }

    private static IllegalArgumentException unexpected(String url) {
        return new IllegalArgumentException(
                "upstream: " + url.replaceAll("//[^/@]*@", "//***@").replaceAll("[^\\x20-\\x7e]", "?")
                        + " (expected: http://host[:port] or https://host[:port])");
    }

    /** Whether the connection is encrypted; the server's certificate and name are then verified. */
    public boolean tls() {
        return tls;
    }

    /** Host name or address, lower case; an IPv6 address is in brackets. */
    public String host() {
        return host;
    }

    /** 1 to 65535. */
    public int port() {
        return port;
    }

    /** Host and port as in a {@code Host} field: the scheme's default port is left out. */
    public String authority() {
        return port == (tls ? 443 : 80) ? host : host + ":" + port;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upstream that && tls == that.tls && port == that.port && host.equals(that.host);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + host + ":" + port;
    }
}
