package dev.sluice.testkit;

import dev.sluice.api.Headers;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/**
 * A request's head without a connection. Immutable: start with {@link #get} or {@link #of} and add what matters.
 *
 * <pre>{@code
 * FakeRequest.get("https://app.example.org/x?y=1").withHeader("Cookie", "a=b").withClient("192.0.2.7")
 * }</pre>
 *
 * <p>The {@code Host} field is the URL's, the peer and the client are 192.0.2.1, and nobody is logged in.
 */
public final class FakeRequest implements ProxyRequest {

    private final String method;
    private final String scheme;
    private final String authority;
    private final String target;
    private final FakeHeaders headers;
    private final InetSocketAddress peer;
    private final InetAddress client;
    private final Optional<Identity> identity;

    private FakeRequest(
            String method,
            String scheme,
            String authority,
            String target,
            FakeHeaders headers,
            InetSocketAddress peer,
            InetAddress client,
            Optional<Identity> identity) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.target = target;
        this.headers = headers;
        this.peer = peer;
        this.client = client;
        this.identity = identity;
    }

    /** {@code GET url}. */
    public static FakeRequest get(String url) {
        return of("GET", url);
    }

    /**
     * {@code method url}, with the URL's path and query taken byte for byte.
     *
     * @param url {@code http://host[:port][/path]} or {@code https://…}
     */
    public static FakeRequest of(String method, String url) {
        // Not parsed as a URI: a target that is no URI is what some tests are about.
        int scheme = url.indexOf("://");
        if (scheme < 0) {
            throw new IllegalArgumentException("url: " + url + " (expected: http://host/path)");
        }
        int slash = url.indexOf('/', scheme + 3);
        String authority = url.substring(scheme + 3, slash < 0 ? url.length() : slash);
        String target = slash < 0 ? "/" : url.substring(slash);
        InetAddress somebody = address("192.0.2.1");
        return new FakeRequest(
                method,
                url.substring(0, scheme),
                authority,
                target,
                FakeHeaders.NONE.with("Host", authority),
                new InetSocketAddress(somebody, 40_000),
                somebody,
                Optional.empty());
    }

    /** A WebSocket handshake for {@code url}, whose scheme is {@code http} or {@code https}. */
    public static FakeRequest webSocket(String url) {
        return get(url).withHeader("Connection", "Upgrade")
                .withHeader("Upgrade", "websocket")
                .withHeader("Sec-WebSocket-Version", "13")
                .withHeader("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    /** This request with one more header line. */
    public FakeRequest withHeader(String name, String value) {
        FakeHeaders more = headers.with(name, value);
        return new FakeRequest(method, scheme, authority, target, more, peer, client, identity);
    }

    /** This request from another client, behind a proxy in front of this one: the peer stays. */
    public FakeRequest withClient(String ip) {
        return new FakeRequest(method, scheme, authority, target, headers, peer, address(ip), identity);
    }

    /** This request over a connection from elsewhere: the peer and the client are {@code ip}. */
    public FakeRequest withPeer(String ip, int port) {
        InetAddress address = address(ip);
        var other = new InetSocketAddress(address, port);
        return new FakeRequest(method, scheme, authority, target, headers, other, address, identity);
    }

    /** This request as an authenticator has let it pass. */
    public FakeRequest withIdentity(Identity identity) {
        return new FakeRequest(method, scheme, authority, target, headers, peer, client, Optional.of(identity));
    }

    @Override
    public String id() {
        return "fake-1";
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public String authority() {
        return authority;
    }

    @Override
    public String host() {
        String host = authority.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public InetAddress client() {
        return client;
    }

    @Override
    public boolean webSocket() {
        return "websocket".equalsIgnoreCase(headers.get("Upgrade"));
    }

    @Override
    public Optional<Identity> identity() {
        return identity;
    }

    /** Method and URL. */
    @Override
    public String toString() {
        return method + " " + scheme + "://" + authority + target;
    }

    private static InetAddress address(String ip) {
        if (!ip.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw new IllegalArgumentException("address: " + ip + " (expected: an IP address, not a name)");
        }
        try {
            return InetAddress.getByName(ip);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: " + ip + " (expected: an IP address)", e);
        }
    }
}
