package dev.sluice.sso;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deployment's secrets, newest first: the first one seals, every one opens. What was sealed carries a short id of its
 * key, so that a secret is rotated by putting a new one in front and is retired by removing it.
 */
final class KeyRing {

    private static final int ID_BYTES = 4;

    private record Key(byte[] id, byte[] root) {}

    private final List<Key> keys;

    private KeyRing(List<Key> keys) {
        this.keys = keys;
    }

    static KeyRing of(List<String> secrets) {
        return new KeyRing(secrets.stream()
                .map(secret -> Secrets.hmac(Secrets.utf8("sluice-sso"), Secrets.utf8(secret)))
                .map(root -> new Key(Arrays.copyOf(Secrets.hmac(root, Secrets.utf8("id")), ID_BYTES), root))
                .toList());
    }

    /** A ring that dies with the process. */
    static KeyRing random() {
        return of(List.of(Secrets.random(32)));
    }

    /**
     * Seals {@code plain} with a key made of the newest secret and {@code share}.
     *
     * @param share what only the bearer holds; empty if the deployment's secret alone opens it
     * @param context what the sealed bytes are bound to
     */
    byte[] seal(byte[] share, byte[] plain, String context) {
        Key key = keys.get(0);
        byte[] sealed = Secrets.seal(mixed(key, share), plain, context);
        byte[] out = Arrays.copyOf(key.id, ID_BYTES + sealed.length);
        System.arraycopy(sealed, 0, out, ID_BYTES, sealed.length);
        return out;
    }

    /** What {@link #seal} sealed; null if it was changed, or bound to something else, or its secret was retired. */
    byte @Nullable [] open(byte[] share, byte[] sealed, String context) {
        for (Key key : keys) {
            if (sealed.length > ID_BYTES && Arrays.equals(key.id, 0, ID_BYTES, sealed, 0, ID_BYTES)) {
                return Secrets.open(mixed(key, share), Arrays.copyOfRange(sealed, ID_BYTES, sealed.length), context);
            }
        }
        return null;
    }

    private static byte[] mixed(Key key, byte[] share) {
        byte[] message = Arrays.copyOf(Secrets.utf8("seal"), 4 + share.length);
        System.arraycopy(share, 0, message, 4, share.length);
        return Secrets.hmac(key.root, message);
    }

    @Override
    public String toString() {
        return "KeyRing[" + keys.size() + "]";
    }
}
