package dev.sluice.testkit.wire;

import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is left of a body too large to keep.
 *
 * @param size in bytes
 * @param sha256 in lower-case hexadecimal
 */
public record BodyDigest(long size, String sha256) {

    /** The digest of {@code bytes}. */
    public static BodyDigest of(byte[] bytes) {
        var sink = new Sink();
        sink.write(bytes, 0, bytes.length);
        return sink.digest();
    }

    /** Takes a body and keeps its digest. */
    static final class Sink extends OutputStream {
        private final MessageDigest sha256 = sha256();
        private long size;

        @Override
        public void write(int b) {
            sha256.update((byte) b);
            size++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            sha256.update(bytes, from, length);
            size += length;
        }

        BodyDigest digest() {
            return new BodyDigest(size, HexFormat.of().formatHex(sha256.digest()));
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e); // every Java platform has it
            }
        }
    }
}
