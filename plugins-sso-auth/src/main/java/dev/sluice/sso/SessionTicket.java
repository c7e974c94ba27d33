package dev.sluice.sso;

import org.jspecify.annotations.Nullable;

/**
 * What the browser holds of a session: an id under whose hash the record is stored, and the secret that opens it. A copy
 * of the store is useless without the tickets.
 */
final class SessionTicket {

    private static final int ID_CHARS = 22;
    private static final int SECRET_CHARS = 43;

    private final String id;
    private final String secret;

    private SessionTicket(String id, String secret) {
        this.id = id;
        this.secret = secret;
    }

    /** A ticket that nobody has seen: 128 random bits of id, 256 of secret. */
    static SessionTicket random() {
        return new SessionTicket(Secrets.random(16), Secrets.random(32));
    }

    /** The ticket that a cookie's value shows, null if it is none. */
    static @Nullable SessionTicket parse(String value) {
        if (value.length() != ID_CHARS + SECRET_CHARS) {
            return null;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean ok =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!ok) {
                return null;
            }
        }
        return new SessionTicket(value.substring(0, ID_CHARS), value.substring(ID_CHARS));
    }

    String id() {
        return id;
    }

    /** The name of the record in the store. */
    String key() {
        return Secrets.hash(id);
    }

    byte[] share() {
        return Secrets.utf8(secret);
    }

    /** Whether the secrets are the same; takes a time that does not tell where they differ. */
    boolean opensWith(SessionTicket other) {
        int difference = 0;
        for (int i = 0; i < SECRET_CHARS; i++) {
            difference |= secret.charAt(i) ^ other.secret.charAt(i);
        }
        return difference == 0;
    }

    /** The cookie's value. */
    String text() {
        return id + secret;
    }

    @Override
    public String toString() {
        return "SessionTicket[...]";
    }
}
