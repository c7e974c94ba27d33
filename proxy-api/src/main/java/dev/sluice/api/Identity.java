package dev.sluice.api;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who an {@link Authenticator} vouched for.
 *
 * <p>One instance may serve many requests of the same session; it is immutable and may be cached.
 */
public final class Identity {

    /** The identity of a visitor whom nobody knows, and whom the deployment lets pass all the same. */
    public static final Identity ANONYMOUS = of("anonymous");

    private final String userId;
    private final Map<String, List<String>> claims;
    private final Instant validUntil;
    private final Revocation revocation;

    private Identity(String userId, Map<String, List<String>> claims, Instant validUntil, Revocation revocation) {
        this.userId = userId;
        this.claims = claims;
        this.validUntil = validUntil;
        this.revocation = revocation;
    }

    /** An identity without claims that neither expires nor can be revoked. */
    public static Identity of(String userId) {
        if (userId.isEmpty()) {
            throw new IllegalArgumentException("userId: empty (expected: a stable id of the user)");
        }
        return new Identity(userId, Map.of(), Instant.MAX, Revocation.NEVER);
    }

    /** This identity with {@code claims}: what is known of the user, by name, each with one or more values. */
    public Identity withClaims(Map<String, List<String>> claims) {
        Map<String, List<String>> copy = new HashMap<>();
        claims.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return new Identity(userId, Map.copyOf(copy), validUntil, revocation);
    }

    /** This identity, ending at {@code validUntil}: tunnels and other long exchanges are ended then. */
    public Identity withValidUntil(Instant validUntil) {
        return new Identity(userId, claims, Objects.requireNonNull(validUntil, "validUntil"), revocation);
    }

    /** This identity, ending also when {@code revocation} says so. */
    public Identity withRevocation(Revocation revocation) {
        return new Identity(userId, claims, validUntil, Objects.requireNonNull(revocation, "revocation"));
    }

    /** The stable id of the user, never empty. */
    public String userId() {
        return userId;
    }

    /** All claims, immutable. */
    public Map<String, List<String>> claims() {
        return claims;
    }

    /** The values of one claim, empty if there are none. */
    public List<String> claims(String name) {
        return claims.getOrDefault(name, List.of());
    }

    /** The first value of one claim, null if there is none. */
    public @Nullable String claim(String name) {
        List<String> values = claims(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** When the identity ends of itself; {@link Instant#MAX} if it does not. */
    public Instant validUntil() {
        return validUntil;
    }

    /** How one learns that the identity has ended early. */
    public Revocation revocation() {
        return revocation;
    }

    /** The user id alone: claims are personal data and do not belong in logs. */
    @Override
    public String toString() {
        return "Identity[" + userId + "]";
    }
}
