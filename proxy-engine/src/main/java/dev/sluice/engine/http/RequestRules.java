package dev.sluice.engine.http;

import dev.sluice.engine.ProxySettings;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/**
 * Which requests the proxy accepts: those that have exactly one reading. Everything else is refused, as are the few
 * things that a reverse proxy does not do. One instance serves a whole server; it is immutable.
 */
public final class RequestRules {

    private static final int LONGEST_ID = 64;

    private final ProxySettings.Limits limits;
    private final ForwardedHeaders forwarding;

    public RequestRules(ProxySettings.Limits limits, ForwardedHeaders forwarding) {
        this.limits = limits;
        this.forwarding = forwarding;
    }

    /**
     * Checks one decoded head.
     *
     * @param peer the other end of the connection
     * @param sequence a number that no other request of this server has
     * @throws RefusedHead if the request must not be forwarded; the connection is to be closed after the answer
     */
    public ClientRequest accept(HttpRequest head, Peer peer, long sequence) throws RefusedHead {
        if (head.decoderResult().isFailure()) {
            throw undecodable(head.decoderResult().cause());
        }
        boolean http10 = head.protocolVersion() == HttpVersion.HTTP_1_0;
        // By identity: the decoder hands out its constants for the exact spelling only.
        if (!http10 && head.protocolVersion() != HttpVersion.HTTP_1_1) {
            throw new RefusedHead(505, "The versions that are spoken are HTTP/1.1 and HTTP/1.0.");
        }
        String method = head.method().name();
        if (!Tokens.isToken(method)) {
            throw new RefusedHead(400, "The method is not a token.");
        }
        if (head.method().equals(HttpMethod.CONNECT)) {
            throw new RefusedHead(501, "This proxy makes no CONNECT tunnels.");
        }
        if (head.method().equals(HttpMethod.TRACE)) {
            // Its answer would show the client what the proxy tells the upstream in confidence (RFC 9110 §9.3.8).
            throw new RefusedHead(501, "This proxy does not pass TRACE on.");
        }
        String sent = head.uri();
        if (sent.length() > limits.requestLine()) {
            throw new RefusedHead(414, "The request target is too long.");
        }
        RequestTarget.check(sent);
        RequestScan scan = RequestScan.of(head.headers(), limits, http10);
        int schemeEnd = RequestTarget.schemeEnd(sent);
        String authority = authority(scan, sent, schemeEnd, http10);
        String target = schemeEnd > 0 ? RequestTarget.origin(sent, schemeEnd, method) : sent;
        if (!target.startsWith("/") && !(target.equals("*") && method.equals("OPTIONS"))) {
            throw new RefusedHead(400, "The request target is not a path.");
        }
        if (scan.webSocket()) {
            UpgradeRules.checkHandshake(method, head.headers(), scan.framing());
        }
        ForwardedHeaders.Origin origin =
                forwarding.derive(head.headers(), peer.address(), peer.tls() != null, authority);
        String id = origin.chain() == null ? null : idGiven(head.headers());
        ClientRequest request = new ClientRequest(head.headers(), method, target, scan, peer, origin, id, sequence);
        if (peer.tls() != null && !peer.tls().serves().test(request.host())) {
            // What was demanded of the client is not what this host demands, or it checked another's name (RFC 9110
            // §7.4).
            throw new RefusedHead(421, "This connection was made for another host.");
        }
        return request;
    }

    /** The id by which a trusted proxy in front knows the request; null if there is none, or none that a log can bear. */
    private static @Nullable String idGiven(HttpHeaders headers) {
        String given = headers.get(HeadWriter.REQUEST_ID);
        boolean plain = given != null && !given.isEmpty() && given.length() <= LONGEST_ID;
        for (int i = 0; plain && i < given.length(); i++) {
            char c = given.charAt(i);
            plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || "._-".indexOf(c) >= 0;
        }
        return plain ? given : null;
    }

    private static RefusedHead undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new RefusedHead(414, "The request line is too long.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new RefusedHead(431, "The header fields are too long.");
        }
        return new RefusedHead(400, "The request is malformed.");
    }

    /**
     * The one host of the request. A proxy that routes by host has no default for HTTP/1.0 without {@code Host}: only an
     * absolute-form target can then supply it (RFC 9112 §3.2.2). Where both are there they must agree, though the RFC
     * would let the target win: a log, a plugin or an upstream that looks at the other one must not be fooled.
     */
    private static String authority(RequestScan scan, String target, int schemeEnd, boolean http10) throws RefusedHead {
        String host = scan.host();
        String named = schemeEnd > 0 ? RequestTarget.authority(target, schemeEnd) : host;
        if (host == null && !http10) {
            throw new RefusedHead(400, "Host is missing.");
        }
        if (named == null || !Authority.isValid(named)) {
            throw new RefusedHead(400, "Host is missing or is not a host.");
        }
        if (host != null && !named.equalsIgnoreCase(host)) {
            throw new RefusedHead(400, "Host and request target disagree.");
        }
        return host == null ? named : host;
    }
}
