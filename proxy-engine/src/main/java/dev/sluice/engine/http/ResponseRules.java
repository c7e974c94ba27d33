package dev.sluice.engine.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which responses of an upstream the proxy accepts, and how their bodies end (RFC 9112 §6.3). */
public final class ResponseRules {

    private ResponseRules() {}

    /**
     * Checks one decoded head, interim ones too.
     *
     * @param request the client's, null for a call of the proxy's own, to which no 101 can answer
     * @param upstreamMethod the method that the upstream was asked with
     * @return how the upstream sends the body. {@link Framing#NONE} after {@code HEAD} and for 1xx, 204 and 304, whatever
     *     length the head announces
     * @throws RefusedHead with 502; the connection to the upstream is to be closed
     */
    public static Framing accept(HttpResponse head, @Nullable ClientRequest request, String upstreamMethod)
            throws RefusedHead {
        if (head.decoderResult().isFailure()) {
            throw refused("The upstream's response is malformed.");
        }
        boolean http10 = head.protocolVersion() == HttpVersion.HTTP_1_0;
        int status = head.status().code();
        if ((!http10 && head.protocolVersion() != HttpVersion.HTTP_1_1) || status < 100 || status > 999) {
            throw refused("The upstream's response has no valid status line.");
        }
        if (status == 101) {
            if (request == null) {
                throw refused("The upstream's response is a 101 that nobody asked for.");
            }
            UpgradeRules.check101(head, request);
            return Framing.NONE;
        }
        if (status < 200) {
            return Framing.NONE;
        }
        Framing announced = announced(head.headers(), http10);
        boolean bodiless = status == 204 || status == 304 || upstreamMethod.equals("HEAD");
        return bodiless ? Framing.NONE : announced;
    }

    private static Framing announced(HttpHeaders headers, boolean http10) throws RefusedHead {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (!codings.isEmpty()) {
            boolean chunked = codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
            if (!chunked || http10 || !lengths.isEmpty()) {
                throw refused("The upstream's response is framed in a way that is not understood.");
            }
            return Framing.CHUNKED;
        }
        if (lengths.isEmpty()) {
            return Framing.UNTIL_CLOSE;
        }
        if (lengths.size() > 1) {
            throw refused("The upstream's response has more than one length.");
        }
        try {
            return Framing.length(RequestScan.parseLength(lengths.get(0)));
        } catch (RefusedHead e) {
            throw refused("The upstream's response has a malformed length.");
        }
    }

    private static RefusedHead refused(String message) {
        return new RefusedHead(502, message);
    }

    /** Whether the upstream will take another request on the connection, once this response's body has ended. */
    public static boolean upstreamReusable(HttpResponse head) {
        boolean http10 = head.protocolVersion() != HttpVersion.HTTP_1_1;
        return ConnectionOptions.of(head.headers()).persistent(http10);
    }
}
