package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;

/**
 * Knows, for one direction of a tunnel, whether the bytes that have passed end between two WebSocket frames (RFC 6455
 * §5.2), where a frame of the proxy's own may go: between the fragments of a message too (§5.4). It reads the few bytes of
 * frame headers and steps over payloads; nothing is unmasked or copied. What is not WebSocket makes it give up.
 */
public final class FrameBoundary {

    private static final int CLOSE = 0x8;
    private static final int LONGEST_CONTROL_PAYLOAD = 125;

    /** Bytes of the current frame's header that have passed. */
    private int headerRead;

    /** Bytes of the length field, known after the header's second byte: 0, 2 or 8. */
    private int lengthBytes;

    private int first;
    private boolean masked;
    private long length;

    /** Bytes of masking key and payload that are still to pass. */
    private long skip;

    private boolean closeSeen;
    private boolean broken;

    /** Follows {@code data}, whose indices stay as they are. */
    public void advance(ByteBuf data) {
        int at = data.readerIndex();
        while (at < data.writerIndex() && !broken) {
            at = step(data, at);
        }
    }

    /**
     * Follows {@code data}, whose indices stay as they are, to the end of the frame that is under way; all of it if the
     * frame does not end there, which {@link #atBoundary} tells.
     *
     * @return how many bytes were followed
     */
    public int advanceToBoundary(ByteBuf data) {
        int at = data.readerIndex();
        while (at < data.writerIndex() && !broken && !atBoundary()) {
            at = step(data, at);
        }
        return at - data.readerIndex();
    }

    private int step(ByteBuf data, int at) {
        if (skip == 0) {
            header(data.getByte(at) & 0xff);
            return at + 1;
        }
        int step = (int) Math.min(skip, data.writerIndex() - at);
        skip -= step;
        return at + step;
    }

    private void header(int octet) {
        if (headerRead == 0) {
            first = octet;
            closeSeen |= (octet & 0xf) == CLOSE;
        } else if (headerRead == 1) {
            masked = octet > 0x7f;
            length = octet & 0x7f;
            lengthBytes = length == 126 ? 2 : length == 127 ? 8 : 0;
            broken = !isLegal(first, length);
            length = lengthBytes == 0 ? length : 0;
        } else {
            length = length << 8 | octet;
        }
        headerRead++;
        if (headerRead == 2 + lengthBytes && headerRead > 1) {
            frameBegins();
        }
    }

    private static boolean isLegal(int first, long shortLength) {
        int opcode = first & 0xf;
        boolean control = opcode >= CLOSE;
        boolean whole = first > 0x7f;
        boolean reserved = (opcode > 2 && opcode < CLOSE) || opcode > 0xa;
        return !reserved && (!control || (whole && shortLength <= LONGEST_CONTROL_PAYLOAD));
    }

    private void frameBegins() {
        int key = masked ? 4 : 0;
        // The top bit of the length must be zero (§5.2), and the sum must not wrap.
        broken |= length < 0 || length > Long.MAX_VALUE - key;
        skip = length + key;
        headerRead = 0;
        lengthBytes = 0;
    }

    /** Whether the bytes so far are whole frames. Never again once {@link #broken}. */
    public boolean atBoundary() {
        return !broken && headerRead == 0 && skip == 0;
    }

    /** Whether a Close frame has begun; nothing may follow it in this direction (§5.5.1). */
    public boolean closeSeen() {
        return closeSeen;
    }

    /** Whether the bytes were no WebSocket frames: a reserved opcode, an illegal control frame, an impossible length. */
    public boolean broken() {
        return broken;
    }
}
