package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;

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
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private HeadWriter() {}

    static void field(ByteBuf out, CharSequence name, CharSequence value) {
        text(out, name);
        out.writeShort(COLON_SPACE);
        text(out, value);
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

    static void endLine(ByteBuf out) {
        out.writeShort(CRLF);
    }

    /** A number that is not negative, in decimal. */
    static void number(ByteBuf out, long number) {
        long unit = 1;
        while (number / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            out.writeByte('0' + (int) (number / unit % 10));
        }
    }

    /** A number that is not negative, in base 36. */
    static void base36(ByteBuf out, long number) {
        long unit = 1;
        while (number / unit >= 36) {
            unit *= 36;
        }
        for (; unit > 0; unit /= 36) {
            out.writeByte(Character.forDigit((int) (number / unit % 36), 36));
        }
    }

    /** A number that is not negative, in hexadecimal. */
    static void hex(ByteBuf out, int number) {
        int shift = Math.max(0, (31 - Integer.numberOfLeadingZeros(number)) & ~3);
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[number >>> shift & 15]);
        }
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
        field(out, VIA, http10 ? "1.0 sluice" : "1.1 sluice");
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
        text(out, value);
    }
}
