package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The chunked transfer coding (RFC 9112 §7.1), but for the data. */
public final class ChunkedBody {

    /** Fields that must not be believed where nobody looked at them in time (RFC 9110 §6.5.1). */
    private static final FoldedNames NOT_IN_TRAILERS = FoldedNames.of(List.of(
            "age",
            "authentication-info",
            "cache-control",
            "content-encoding",
            "content-range",
            "content-type",
            "date",
            "expires",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "location",
            "max-forwards",
            "pragma",
            "range",
            "retry-after",
            "vary",
            "warning",
            "www-authenticate"));

    private ChunkedBody() {}

    /** Writes what precedes the data of one chunk; {@link #writeChunkEnd} follows the data. */
    public static void writeChunkHead(ByteBuf out, int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("size: " + size + " (expected: at least 1, for 0 ends the body)");
        }
        HeadWriter.hex(out, size);
        HeadWriter.endLine(out);
    }

    /** Writes what follows the data of one chunk. */
    public static void writeChunkEnd(ByteBuf out) {
        HeadWriter.endLine(out);
    }

    /**
     * Writes the end of a body. Of the trailers pass those that are neither the connection's, nor about framing, routing,
     * credentials, cookies or control of the message, nor of an identity or forwarding name. To a client that did not say
     * {@code TE: trailers} none should be handed here.
     */
    public static void writeLast(ByteBuf out, HttpHeaders trailers, IdentityHeaders identity) {
        HeadWriter.text(out, "0\r\n");
        if (!trailers.isEmpty()) {
            Iterator<Map.Entry<CharSequence, CharSequence>> fields = trailers.iteratorCharSequence();
            while (fields.hasNext()) {
                Map.Entry<CharSequence, CharSequence> field = fields.next();
                CharSequence name = field.getKey();
                boolean passes = FieldKind.of(name) == FieldKind.END_TO_END && NOT_IN_TRAILERS.indexOf(name) < 0;
                if (passes && !identity.matches(name)) {
                    HeadWriter.field(out, name, field.getValue());
                }
            }
        }
        HeadWriter.endLine(out);
    }
}
