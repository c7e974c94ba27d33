package dev.sluice.engine.wire;

import dev.sluice.testkit.wire.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What goes through the tunnels of the fault matrix, and words for what arrives. */
final class TunnelBytes {

    /** A reserved opcode (RFC 6455 §5.2). */
    static final String GARBAGE = "\u00ff\u00ffgarbage";

    private TunnelBytes() {}

    /** The beginning of a frame. */
    static String half(boolean masked) {
        byte[] frame = WebSocketFrame.text("a whole message").encoded(masked);
        return new String(frame, 0, frame.length / 2, StandardCharsets.ISO_8859_1);
    }

    /** Reads to the end, and tells what came and how it ended. */
    static String seen(Source source) {
        var bytes = new ByteArrayOutputStream();
        try {
            while (true) {
                bytes.write(source.next());
            }
        } catch (IOException e) {
            return words(bytes) + end(e, e);
        } catch (AssertionError e) {
            return words(bytes) + end(e.getCause(), e);
        }
    }

    private static String end(@Nullable Throwable end, Throwable otherwise) {
        if (end instanceof EOFException) {
            return "closed";
        } else if (end instanceof SocketException) {
            return "reset";
        } else if (end instanceof SSLException) {
            return "cut";
        }
        throw new AssertionError(otherwise);
    }

    private static String words(ByteArrayOutputStream received) {
        byte[] bytes = received.toByteArray();
        String text = received.toString(StandardCharsets.ISO_8859_1);
        if (text.isEmpty()) {
            return "";
        } else if (text.equals(half(true)) || text.equals(half(false))) {
            return "half a frame, ";
        } else if (text.equals(GARBAGE)) {
            return "garbage, ";
        } else if (bytes[0] == (byte) 0x88) {
            return "Close " + closeCode(bytes) + ", ";
        }
        return bytes.length + " bytes, ";
    }

    private static int closeCode(byte[] frame) {
        boolean masked = frame[1] < 0;
        int at = masked ? 6 : 2;
        int high = frame[at] ^ (masked ? frame[2] : 0);
        int low = frame[at + 1] ^ (masked ? frame[3] : 0);
        return (high & 0xff) << 8 | (low & 0xff);
    }

    /** One end of a connection, byte by byte. */
    interface Source {
        byte next() throws IOException;
    }
}
