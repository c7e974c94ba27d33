package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;

/** The frames that the proxy itself sends (RFC 6455 §5.5). Towards a server they are masked, towards a client not (§5.1). */
public final class WebSocketFrames {

    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int EMPTY_MASKED_PONG = 0x8a80;
    private static final int MASK = 0x80;
    private static final SecureRandom KEYS = new SecureRandom();

    private WebSocketFrames() {}

    /** Writes a Close frame with {@code code}, which is one that may be sent (§7.4.1, §7.4.2). */
    public static void writeClose(ByteBuf out, int code, boolean masked) {
        if (code < 1000 || code > 4999 || code == 1004 || code == 1005 || code == 1006 || code == 1015) {
            throw new IllegalArgumentException("close code: " + code + " (expected: RFC 6455 §7.4)");
        }
        out.writeByte(FIN_CLOSE);
        if (masked) {
            int key = KEYS.nextInt();
            out.writeByte(MASK | 2);
            out.writeInt(key);
            out.writeShort(code ^ key >>> 16);
        } else {
            out.writeByte(2);
            out.writeShort(code);
        }
    }

    /** Whether {@code frame} is the whole answer of a client to such a ping as {@link #writePing} writes. */
    public static boolean isPong(ByteBuf frame) {
        return frame.readableBytes() == 6 && frame.getUnsignedShort(frame.readerIndex()) == EMPTY_MASKED_PONG;
    }

    /** Writes a Ping frame without data. */
    public static void writePing(ByteBuf out, boolean masked) {
        out.writeByte(FIN_PING);
        out.writeByte(masked ? MASK : 0);
        if (masked) {
            out.writeInt(KEYS.nextInt());
        }
    }
}
