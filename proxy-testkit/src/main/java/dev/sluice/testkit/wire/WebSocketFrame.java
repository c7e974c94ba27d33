package dev.sluice.testkit.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One frame (RFC 6455 §5.2), with its payload unmasked.
 *
 * @param fin whether it is its message's last
 */
public record WebSocketFrame(boolean fin, int opcode, byte[] payload) {

    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xa;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    /** A Close frame with a code and a reason (RFC 6455 §5.5.1). */
    public static WebSocketFrame close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array();
        return new WebSocketFrame(true, CLOSE, payload);
    }

    /** A text message in one frame. */
    public static WebSocketFrame text(String text) {
        return new WebSocketFrame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The payload as UTF-8. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a Close frame; 1005 if it has none (RFC 6455 §7.1.5). */
    public int closeCode() {
        if (opcode != CLOSE) {
            throw new AssertionError("expected a Close frame, but it is " + this);
        }
        return payload.length < 2
                ? 1005
                : Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort());
    }

    /** The frame on the wire; a client masks what it sends, a server does not (RFC 6455 §5.1). */
    public byte[] encoded(boolean masked) {
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(14 + length);
        frame.put((byte) ((fin ? 0x80 : 0) | opcode));
        int maskBit = masked ? 0x80 : 0;
        if (length < 126) {
            frame.put((byte) (maskBit | length));
        } else if (length <= 0xffff) {
            frame.put((byte) (maskBit | 126)).putShort((short) length);
        } else {
            frame.put((byte) (maskBit | 127)).putLong(length);
        }
        if (masked) {
            frame.put(MASK);
        }
        for (int i = 0; i < length; i++) {
            frame.put((byte) (masked ? payload[i] ^ MASK[i % 4] : payload[i]));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** Reads a frame; the first byte may take as long as it likes. */
    static WebSocketFrame read(Wire wire, boolean masked) throws IOException {
        wire.endsBeforeNextByte();
        return readNow(wire, masked);
    }

    static WebSocketFrame readNow(Wire wire, boolean masked) throws IOException {
        byte[] start = wire.read(2);
        if ((start[1] < 0) != masked) {
            throw new AssertionError("expected a frame " + (masked ? "with" : "without") + " a mask (RFC 6455 §5.1)");
        }
        int length = start[1] & 0x7f;
        if (length == 126) {
            length = Short.toUnsignedInt(ByteBuffer.wrap(wire.read(2)).getShort());
        } else if (length == 127) {
            length = Math.toIntExact(ByteBuffer.wrap(wire.read(8)).getLong());
        }
        byte[] mask = masked ? wire.read(4) : new byte[4];
        byte[] payload = wire.read(length);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new WebSocketFrame(start[0] < 0, start[0] & 0xf, payload);
    }

    @Override
    public String toString() {
        return "WebSocketFrame[fin=" + fin + ", opcode=" + opcode + ", " + payload.length + " bytes: "
                + Printable.of(payload) + "]";
    }
}
