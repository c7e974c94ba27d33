package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** The bytes of a head. Field values are Latin-1: what was received passes byte for byte (RFC 9110 §5.5). */
final class HeadWriter {

    static final AsciiString CONNECTION = AsciiString.cached("Connection");
    static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    static final AsciiString TRANSFER_ENCODING = AsciiString.cached("Transfer-Encoding");
    static final AsciiString REQUEST_ID = AsciiString.cached("X-Request-Id");
    static final AsciiString UPGRADE = AsciiString.cached("Upgrade");
    static final AsciiString VIA = AsciiString.cached("Via");

    private static final int COLON_SPACE = ':' << 8 | ' ';
    private static final int CRLF = '\r' << 8 | '\n';
    private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final AsciiString VIA_HTTP_10 = AsciiString.cached("1.0 sluice");
    private static final AsciiString VIA_HTTP_11 = AsciiString.cached("1.1 sluice");

    private HeadWriter() {}

    static void field(ByteBuf out, CharSequence name, CharSequence value) {
        text(out, name);
        out.writeShort(COLON_SPACE);
        text(out, value);
        out.writeShort(CRLF);
    }

    /** A field as Netty's decoder made it: of bytes, so that no character of its value is above 0xff. */
    static void receivedField(ByteBuf out, CharSequence name, CharSequence value) {
        name(out, name);
        latin1(out, value.toString());
        out.writeShort(CRLF);
    }

    static void name(ByteBuf out, CharSequence name) {
        text(out, name);
        out.writeShort(COLON_SPACE);
    }

    static void text(ByteBuf out, CharSequence text) {
        if (text.length() > 0) {
            ByteBufUtil.writeAscii(out, text);
        }
    }

    /** The text of bytes, as which it is copied: {@link #text} goes by characters. {@code out} must have an array. */
    @SuppressWarnings("deprecation") // the copy that this is; what was deprecated is to take it for an encoding
    static void latin1(ByteBuf out, String text) {
        int length = text.length();
        out.ensureWritable(length);
        text.getBytes(0, length, out.array(), out.arrayOffset() + out.writerIndex());
        out.writerIndex(out.writerIndex() + length);
    }

    static void endLine(ByteBuf out) {
        out.writeShort(CRLF);
    }

    /** A number that is not negative, in decimal. */
    static void number(ByteBuf out, long number) {
        digits(out, number, 10);
    }

    /** A number that is not negative, in base 36. */
    static void base36(ByteBuf out, long number) {
        digits(out, number, 36);
    }

    /** A number that is not negative, in hexadecimal. */
    static void hex(ByteBuf out, int number) {
        digits(out, number, 16);
    }

    /** The base is a constant where this is inlined, and then no digit costs a division. */
    private static void digits(ByteBuf out, long number, int base) {
        int count = 1;
        for (long rest = number; rest >= base; rest /= base) {
            count++;
        }
        out.ensureWritable(count);
        int from = out.writerIndex();
        long rest = number;
        for (int i = from + count - 1; i >= from; i--) {
            out.setByte(i, DIGITS[(int) (rest % base)]);
            rest /= base;
        }
        out.writerIndex(from + count);
    }

    /** The field that frames a body, if there is one. */
    static void framing(ByteBuf out, Framing framing) {
        if (framing.isChunked()) {
            field(out, TRANSFER_ENCODING, "chunked");
        } else if (framing.length() >= 0) {
            name(out, CONTENT_LENGTH);
            number(out, framing.length());
            endLine(out);
        }
    }

    /** This proxy's entry in the list of those that a message passed (RFC 9110 §7.6.3). */
    static void via(ByteBuf out, boolean http10) {
        field(out, VIA, http10 ? VIA_HTTP_10 : VIA_HTTP_11);
    }

    /** The fields of an agreed upgrade. */
    static void webSocket(ByteBuf out) {
        field(out, CONNECTION, "Upgrade");
        field(out, UPGRADE, "websocket");
    }

    /** The exchange's id, unless {@code edits} see to it. */
    static void requestId(ByteBuf out, ClientRequest request, Edits edits) {
        if (!edits.replace(REQUEST_ID)) {
            name(out, REQUEST_ID);
            request.writeId(out);
            endLine(out);
        }
    }

    /**
     * A field value that a plugin made without the API's checks.
     *
     * @throws IllegalArgumentException if it would end the line or is not Latin-1; it is not quoted, for it may be a secret
     */
    static void uncheckedValue(ByteBuf out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("cookie line: character 0x" + Integer.toHexString(c) + " at index "
                        + i + " (expected: printable Latin-1 or tab, RFC 9110 §5.5)");
            }
        }
        latin1(out, value);
    }
}
