package dev.sluice.sso;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** API clients that bring an access token of the same issuer, a JWT for our audience (RFC 6750, RFC 9068). */
final class BearerTokens {

    private static final int MOST_CACHED = 1000;
    private static final int LONGEST = 8192;

    private record Verified(AuthDecision.Proceed proceed, long until) {}

    private final TokenVerifier verifier;
    private final String issuer;
    private final String audience;
    private final String userClaim;
    private final IdentityHeaders headers;
    private final Clock clock;
    private final Map<String, Verified> cache = new ConcurrentHashMap<>();

    BearerTokens(
            TokenVerifier verifier,
            String issuer,
            String audience,
            String userClaim,
            IdentityHeaders headers,
            Clock clock) {
        this.verifier = verifier;
        this.issuer = issuer;
        this.audience = audience;
        this.userClaim = userClaim;
        this.headers = headers;
        this.clock = clock;
    }

    /** The token that came with {@code request}, null if none did. */
    static @Nullable String of(ProxyRequest request) {
        String value = request.headers().get("Authorization");
        return value != null && value.regionMatches(true, 0, "Bearer ", 0, 7)
                ? value.substring(7).strip()
                : null;
    }

    /** Lets the token's bearer pass; fails with an {@link SsoFailure} if the token is not good. */
    CompletionStage<AuthDecision.Proceed> authenticate(String token) {
        Verified known = cache.get(token);
        if (known != null && clock.millis() < known.until) {
            return CompletableFuture.completedFuture(known.proceed);
        }
        if (token.length() > LONGEST) {
            return CompletableFuture.failedFuture(SsoFailure.refused("bearer token too long"));
        }
        return verifier.verify(
                        token,
                        audience,
                        new JWTClaimsSet.Builder().issuer(issuer).build(),
                        Set.of("exp", userClaim),
                        "at+jwt")
                .thenApply(claims -> verified(token, claims).proceed);
    }

    private Verified verified(String token, JWTClaimsSet claims) {
        Map<String, List<String>> told = Claims.of(claims.toJSONObject());
        Identity identity = Identity.of(Claims.required(told, userClaim))
                .withClaims(told)
                .withValidUntil(claims.getExpirationTime().toInstant());
        // The token was for us: an application that gets it could use it here in the user's name.
        HeaderEdits edits = headers.edits(told)
                .then(HeaderEdits.builder().remove("Authorization").build());
        AuthDecision.Proceed proceed = new AuthDecision.Proceed(identity, edits, List.of());
        Verified verified = new Verified(proceed, claims.getExpirationTime().getTime());
        if (cache.size() >= MOST_CACHED) {
            cache.clear();
        }
        cache.put(token, verified);
        return verified;
    }
}
