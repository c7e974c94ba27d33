package dev.sluice.engine.http;

import dev.sluice.api.Headers;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request's head as {@link RequestRules} accepted it. Immutable. */
public final class ClientRequest implements ProxyRequest {

    /** Tells the ids of one run of the proxy from another's. */
    private static final AsciiString RUN =
            AsciiString.of(Long.toString(new SecureRandom().nextLong() >>> 34 | 1L << 30, Character.MAX_RADIX));

    private final HttpHeaders headers;
    private final HeadersView view;
    private final String method;
    private final String target;
    private final String host;
    private final RequestScan scan;
    private final Peer peer;
    private final ForwardedHeaders.Origin origin;
    private final long sequence;
    private final Optional<Identity> identity;
    private @Nullable String id;
    private @Nullable String path;

    ClientRequest(
            HttpHeaders headers,
            String method,
            String target,
            RequestScan scan,
            Peer peer,
            ForwardedHeaders.Origin origin,
            @Nullable String id,
            long sequence) {
        this.headers = headers;
        this.view = new HeadersView(headers);
        this.method = method;
        this.target = target;
        this.host = Authority.host(origin.authority());
        this.scan = scan;
        this.peer = peer;
        this.origin = origin;
        this.id = id;
        this.sequence = sequence;
        this.identity = Optional.empty();
    }

    private ClientRequest(ClientRequest from, Optional<Identity> identity) {
        this.headers = from.headers;
        this.view = from.view;
        this.method = from.method;
        this.target = from.target;
        this.host = from.host;
        this.scan = from.scan;
        this.peer = from.peer;
        this.origin = from.origin;
        this.sequence = from.sequence;
        this.identity = identity;
        this.id = from.id;
        this.path = from.path;
    }

    /** This request, now that an authenticator has vouched for {@code identity}. */
    public ClientRequest withIdentity(Identity identity) {
        return new ClientRequest(this, Optional.of(identity));
    }

    @Override
    public String id() {
        String known = id;
        if (known == null) {
            // Threads that race here make equal strings.
            known = RUN + "-" + Long.toString(sequence, Character.MAX_RADIX);
            id = known;
        }
        return known;
    }

    /** Writes the id, of which no text has to be made for that. */
    void writeId(ByteBuf out) {
        String known = id;
        if (known != null) {
            HeadWriter.text(out, known);
        } else {
            HeadWriter.text(out, RUN);
            out.writeByte('-');
            HeadWriter.base36(out, sequence);
        }
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String scheme() {
        return origin.scheme();
    }

    @Override
    public String authority() {
        return origin.authority();
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public String target() {
        return target;
    }

    /** Raw: dot segments and escapes are those that the client sent, and those that the upstream gets. */
    @Override
    public String path() {
        String known = path;
        if (known == null) {
            int query = target.indexOf('?');
            known = query < 0 ? target : target.substring(0, query);
            path = known;
        }
        return known;
    }

    @Override
    public Headers headers() {
        return view;
    }

    @Override
    public InetSocketAddress peer() {
        return peer.address();
    }

    @Override
    public Optional<X509Certificate> clientCertificate() {
        return peer.tls() == null ? Optional.empty() : peer.tls().certificate();
    }

    @Override
    public InetAddress client() {
        return origin.client();
    }

    @Override
    public boolean webSocket() {
        return scan.webSocket();
    }

    @Override
    public Optional<Identity> identity() {
        return identity;
    }

    /** The fields as Netty decoded them; not to be changed. */
    public HttpHeaders rawHeaders() {
        return headers;
    }

    /** How the body's end is found; never {@link Framing#UNTIL_CLOSE}. */
    public Framing framing() {
        return scan.framing();
    }

    /** Whether the client waits for a 100 before it sends its body. */
    public boolean expectsContinue() {
        return scan.expectsContinue();
    }

    /** Whether the client wishes to use the connection again (RFC 9112 §9.3). */
    public boolean keepAlive() {
        return scan.connection().persistent(scan.http10());
    }

    /** Whether the client speaks HTTP/1.0: no chunks, no interim responses. */
    public boolean http10() {
        return scan.http10();
    }

    /** Whether the client said that it reads trailers: {@code TE: trailers} (RFC 9110 §10.1.4). */
    public boolean acceptsTrailers() {
        return !scan.http10() && Tokens.contains(headers, HttpHeaderNames.TE, "trailers");
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }

    /** Whether sending the request twice does what sending it once does (RFC 9110 §9.2.2). */
    public boolean isIdempotent() {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    ConnectionOptions connection() {
        return scan.connection();
    }

    /** The addresses that {@code X-Forwarded-For} tells the upstream; null if it is the peer's alone. */
    @Nullable
    List<InetAddress> chain() {
        return origin.chain();
    }

    /** Whether the peer's forwarding headers are believed. */
    boolean peerTrusted() {
        return origin.chain() != null;
    }

    /** Id, method and host: a target or a header may hold a secret. */
    @Override
    public String toString() {
        return "ClientRequest[" + id() + " " + method + " " + host + "]";
    }
}
