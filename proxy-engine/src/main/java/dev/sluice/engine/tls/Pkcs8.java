package dev.sluice.engine.tls;

import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.Arrays;

/** Puts the older forms of private keys (RFC 8017 §A.1.2, RFC 5915) into the one that the JDK reads (RFC 5208 §5). */
final class Pkcs8 {

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION = {2, 1, 0};

    private Pkcs8() {}

    /** What kind of key it is, and on which curve, is said by the public key: SubjectPublicKeyInfo begins with it. */
    static byte[] wrap(byte[] key, PublicKey owner) {
        ByteBuffer publicKey = ByteBuffer.wrap(owner.getEncoded());
        enter(publicKey);
        publicKey.mark();
        int length = enter(publicKey);
        int end = publicKey.position() + length;
        publicKey.reset();
        byte[] algorithm = new byte[end - publicKey.position()];
        publicKey.get(algorithm);
        return tagged(SEQUENCE, VERSION, algorithm, tagged(OCTETS, key));
    }

    /** Skips a tag and its length, which is the answer. */
    private static int enter(ByteBuffer der) {
        der.get();
        int length = der.get() & 0xff;
        if (length < 0x80) {
            return length;
        }
        int value = 0;
        for (int i = 0; i < (length & 0x7f); i++) {
            value = value << 8 | (der.get() & 0xff);
        }
        return value;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer der = ByteBuffer.allocate(6 + length);
        der.put((byte) tag);
        putLength(der, length);
        for (byte[] part : parts) {
            der.put(part);
        }
        return Arrays.copyOf(der.array(), der.position());
    }

    /** In the shortest of its forms, which is the only one that DER has. */
    private static void putLength(ByteBuffer der, int length) {
        if (length < 0x80) {
            der.put((byte) length);
        } else if (length < 0x100) {
            der.put((byte) 0x81).put((byte) length);
        } else {
            der.put((byte) 0x82).putShort((short) length); // keys are shorter than 64 KiB
        }
    }
}
