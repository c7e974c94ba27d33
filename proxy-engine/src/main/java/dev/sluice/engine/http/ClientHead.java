package dev.sluice.engine.http;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.LocalResponse;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The heads that the client gets. */
public final class ClientHead {

    private static final AsciiString SET_COOKIE = AsciiString.cached("Set-Cookie");
    private static final AsciiString VERSION = AsciiString.cached("HTTP/1.1 ");
    private static final int UPGRADE_REQUIRED = 426;

    private ClientHead() {}

    /**
     * How a body that the upstream frames as {@code upstream} is framed for the client: one of unknown length in chunks,
     * but for HTTP/1.0 by the end of the connection.
     */
    public static Framing framing(ClientRequest request, Framing upstream) {
        if (!upstream.isChunked() && !upstream.isUntilClose()) {
            return upstream;
        }
        return request.http10() ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
    }

    /**
     * Writes the head of a final response or of a 101.
     *
     * @param setCookieLines all of the response's {@code Set-Cookie} lines, as the cookie merger left them
     * @param framing how the upstream frames the body, as {@link ResponseRules#accept} returned it
     * @param keepAlive whether the connection lasts. It does not, and the head says so, if {@link #framing} is
     *     {@link Framing#UNTIL_CLOSE} and the client reads a body
     * @param retryAfterSeconds of a page that stands in for an application that is not ready: when to come back; replaces
     *     the upstream's {@code Retry-After} and {@code Cache-Control}. 0 if the response is what it seems
     * @throws IllegalArgumentException if a cookie line could end the field; {@code out} then holds a part of the head
     */
    public static void write(
            ByteBuf out,
            ClientRequest request,
            HttpResponse head,
            HeaderEdits toClient,
            List<String> setCookieLines,
            Framing framing,
            boolean keepAlive,
            int retryAfterSeconds) {
        int status = head.status().code();
        Edits edits = Edits.of(toClient, notReady(retryAfterSeconds));
        Framing sent = framing(request, framing);
        boolean noBody = request.isHead() || status == 304;

        writeStatusLine(out, status, head.status().reasonPhrase());
        writeReceived(out, head, edits, setCookieLines, noBody && sent.isNone());
        edits.write(out);
        HeadWriter.requestId(out, request, edits);
        HeadWriter.via(out, head.protocolVersion() == HttpVersion.HTTP_1_0);
        if (status == 101) {
            HeadWriter.webSocket(out);
        } else {
            boolean untilClose = sent.isUntilClose() && !noBody;
            writeConnection(out, request, status, keepAlive && !untilClose);
            if (status != 204 && !(noBody && sent.isChunked())) {
                HeadWriter.framing(out, sent);
            }
        }
        HeadWriter.endLine(out);
    }

    /**
     * Writes an answer of the proxy's own, body included.
     *
     * @param request null if there is none, because its head was refused
     * @return how many bytes of it are body
     */
    public static int writeLocal(
            ByteBuf out,
            @Nullable ClientRequest request,
            LocalResponse response,
            List<String> setCookieLines,
            boolean keepAlive) {
        return writeLocal(out, request, response, setCookieLines, keepAlive, 0);
    }

    /** As above; {@code retryAfterSeconds} as in {@link #write}. */
    public static int writeLocal(
            ByteBuf out,
            @Nullable ClientRequest request,
            LocalResponse response,
            List<String> setCookieLines,
            boolean keepAlive,
            int retryAfterSeconds) {
        int status = response.status();
        Edits edits = Edits.of(HeaderEdits.NONE, notReady(retryAfterSeconds));
        boolean bodiless = status == 204 || status == 304;
        byte[] body = bodiless ? new byte[0] : response.body();

        writeStatusLine(out, status, HttpResponseStatus.valueOf(status).reasonPhrase());
        for (Map.Entry<String, String> field : response.headers()) {
            boolean ofBody = bodiless && HttpHeaderNames.CONTENT_TYPE.contentEqualsIgnoreCase(field.getKey());
            if (!ofBody && !edits.replace(field.getKey())) {
                HeadWriter.field(out, field.getKey(), field.getValue());
            }
        }
        writeSetCookies(out, setCookieLines);
        edits.write(out);
        if (request != null) {
            HeadWriter.requestId(out, request, edits);
        }
        writeConnection(out, request, status, keepAlive);
        if (!bodiless) {
            HeadWriter.framing(out, Framing.length(body.length));
        }
        HeadWriter.endLine(out);
        if (request != null && request.isHead()) {
            return 0;
        }
        out.writeBytes(body);
        return body.length;
    }

    /**
     * Writes an interim response, other than 101. Not for clients of HTTP/1.0 (RFC 9110 §15.2), and without cookies, which
     * clients may ignore there (RFC 6265bis §5.3).
     */
    public static void writeInterim(ByteBuf out, HttpResponse head) {
        writeStatusLine(out, head.status().code(), head.status().reasonPhrase());
        writeReceived(out, head, Edits.of(HeaderEdits.NONE, HeaderEdits.NONE), List.of(), false);
        HeadWriter.endLine(out);
    }

    private static HeaderEdits notReady(int retryAfterSeconds) {
        return retryAfterSeconds <= 0
                ? HeaderEdits.NONE
                : HeaderEdits.builder()
                        .put("Retry-After", Integer.toString(retryAfterSeconds))
                        .put("Cache-Control", "no-store")
                        .build();
    }

    private static void writeStatusLine(ByteBuf out, int status, String reason) {
        HeadWriter.text(out, VERSION);
        HeadWriter.number(out, status);
        out.writeByte(' ');
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            out.writeByte(c < ' ' || c == 0x7f ? ' ' : c);
        }
        HeadWriter.endLine(out);
    }

    /** The upstream's fields that pass; the cookies stand where its first one stood, or at the end. */
    private static void writeReceived(
            ByteBuf out, HttpResponse head, Edits edits, List<String> setCookieLines, boolean withLength) {
        ConnectionOptions connection = ConnectionOptions.of(head.headers());
        boolean cookiesWritten = false;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = head.headers().iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            FieldKind kind = FieldKind.of(name);
            if (kind == FieldKind.SET_COOKIE && !cookiesWritten) {
                writeSetCookies(out, setCookieLines);
                cookiesWritten = true;
            }
            boolean passes = switch (kind) {
                case END_TO_END -> !connection.nominates(name);
                case CONTENT_LENGTH -> withLength;
                case HOP_BY_HOP, CONNECTION, TE, UPGRADE, TRANSFER_ENCODING, SET_COOKIE, REQUEST_ID -> false;
                default -> true;
            };
            if (passes && !edits.replace(name)) {
                HeadWriter.receivedField(out, name, field.getValue());
            }
        }
        if (!cookiesWritten) {
            writeSetCookies(out, setCookieLines);
        }
    }

    private static void writeSetCookies(ByteBuf out, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            HeadWriter.name(out, SET_COOKIE);
            HeadWriter.uncheckedValue(out, lines.get(i));
            HeadWriter.endLine(out);
        }
    }

    private static void writeConnection(ByteBuf out, @Nullable ClientRequest request, int status, boolean keepAlive) {
        boolean upgrade = status == UPGRADE_REQUIRED;
        if (upgrade) {
            // A 426 has to name what it requires (RFC 9110 §15.5.22); there is but one upgrade here.
            HeadWriter.field(out, HeadWriter.UPGRADE, "websocket");
        }
        boolean http10 = request != null && request.http10();
        if (!keepAlive) {
            HeadWriter.field(out, HeadWriter.CONNECTION, upgrade ? "Upgrade, close" : "close");
        } else if (http10 || upgrade) {
            HeadWriter.field(out, HeadWriter.CONNECTION, upgrade ? "Upgrade" : "keep-alive");
        }
    }
}
