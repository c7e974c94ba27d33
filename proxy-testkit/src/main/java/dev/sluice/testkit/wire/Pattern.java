package dev.sluice.testkit.wire;

import java.io.IOException;
import java.util.Random;

/**
 * A body of any size whose every byte is known. The pattern repeats after a prime number of bytes, so that a block that
 * is lost, doubled or out of place shows in the digest.
 */
public final class Pattern {

    private static final int PERIOD = 131_071;
    private static final byte[] BLOCK = new byte[PERIOD];

    static {
        new Random(20_22).nextBytes(BLOCK);
    }

    private Pattern() {}

    /** The first {@code size} bytes. */
    public static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        for (int at = 0; at < size; at += PERIOD) {
            System.arraycopy(BLOCK, 0, bytes, at, Math.min(PERIOD, size - at));
        }
        return bytes;
    }

    /** The digest of the first {@code size} bytes. */
    public static BodyDigest digest(long size) {
        var sink = new BodyDigest.Sink();
        for (long left = size; left > 0; left -= PERIOD) {
            sink.write(BLOCK, 0, (int) Math.min(PERIOD, left));
        }
        return sink.digest();
    }

    static void send(Wire wire, long size) throws IOException {
        for (long left = size; left > 0; left -= PERIOD) {
            wire.send(BLOCK, (int) Math.min(PERIOD, left));
        }
    }
}
