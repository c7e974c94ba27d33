package dev.sluice.sso;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one session; this is what the store keeps, encrypted.
 *
 * @param user the stable id of the user
 * @param subject the provider's name for the user, for its logout messages
 * @param sid the provider's name for its session, if it told one
 * @param claims what the provider told of the user
 * @param network the group of networks, or the address, that the session is bound to, if any
 * @param endsAt when the session ends, however busy
 * @param renewAt from when the provider should be asked again
 * @param renewBy from when nothing passes until the provider has been asked
 */
record SessionRecord(
        String user,
        String subject,
        @Nullable String sid,
        Map<String, List<String>> claims,
        Tokens tokens,
        @Nullable String network,
        Instant endsAt,
        Instant renewAt,
        Instant renewBy) {

    private static final Duration MOST_EARLY = Duration.ofSeconds(30);

    /** The provider's tokens, as far as it gave them. */
    record Tokens(
            @Nullable String access,
            @Nullable String refresh,
            @Nullable String id,
            Instant expiresAt) {
        @Override
        public String toString() {
            return "Tokens[...]";
        }
    }

    SessionRecord {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(tokens, "tokens");
    }

    /** A record of what {@code grant} tells. */
    static SessionRecord of(Grant grant, @Nullable String network, Instant now, Instant endsAt) {
        return new SessionRecord(
                grant.user(),
                grant.subject(),
                grant.sid(),
                grant.claims(),
                grant.tokens(),
                network,
                endsAt,
                early(now, grant.renewBy()),
                grant.renewBy());
    }

    /** This record after the provider has been asked again. */
    SessionRecord renewed(Grant grant, Instant now) {
        return new SessionRecord(
                user,
                subject,
                sid,
                grant.claims(),
                grant.tokens(),
                network,
                endsAt,
                early(now, grant.renewBy()),
                grant.renewBy());
    }

    /** A while before the end, so that one request renews in the background and none has to wait. */
    private static Instant early(Instant now, Instant by) {
        if (by.equals(Instant.MAX)) {
            return by;
        }
        Duration tenth = Duration.between(now, by).dividedBy(10);
        return by.minus(tenth.compareTo(MOST_EARLY) < 0 ? tenth : MOST_EARLY);
    }

    /** Without claims, which are personal, and tokens, which are secret. */
    @Override
    public String toString() {
        return "SessionRecord[" + user + "]";
    }
}
