package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;

/** The frames that the proxy itself sends (RFC 6455 §5.5). Towards a server they are masked, towards a client not (§5.1). */
public final class WebSocketFrames {

    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int MASKED_PONG = 0x8a84;
    private static final int PING_DATA = 0x736c7563;
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

    /** Writes a Ping frame to a client, with data by which its answer is told from the answer to another's ping. */
    public static void writePing(ByteBuf out) {
        out.writeByte(FIN_PING);
        out.writeByte(4);
        out.writeInt(PING_DATA);
    }

    /** Whether {@code frame} is, whole and nothing else, a client's answer to {@link #writePing} (§5.5.3). */
    public static boolean isPong(ByteBuf frame) {
        int at = frame.readerIndex();
        return frame.readableBytes() == 10
                && frame.getUnsignedShort(at) == MASKED_PONG
                && (frame.getInt(at + 2) ^ frame.getInt(at + 6)) == PING_DATA;
    }
}
