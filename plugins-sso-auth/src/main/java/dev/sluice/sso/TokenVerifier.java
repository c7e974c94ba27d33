package dev.sluice.sso;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Verifies the provider's JWTs: signature by a key that it publishes, issuer, audience, times. Only signatures with a
 * public key count, so that neither {@code none} nor a MAC with a published key gets through.
 */
final class TokenVerifier {

    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512,
            JWSAlgorithm.EdDSA);

    private final Fetched<JWKSet> keys;
    private final Clock clock;

    TokenVerifier(Fetched<JWKSet> keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Verifies {@code token}.
     *
     * @param audience one of the token's audiences
     * @param exact claims that must be there as they are
     * @param required claims that must be there
     * @param type the {@code typ} that is accepted beside {@code JWT} and none
     * @return fails with {@link SsoFailure.Kind#REFUSED} if the token does not verify
     */
    CompletionStage<JWTClaimsSet> verify(
            String token, String audience, JWTClaimsSet exact, Set<String> required, String type) {
        SignedJWT jwt;
        try {
            jwt = SignedJWT.parse(token);
        } catch (ParseException e) {
            return CompletableFuture.failedFuture(SsoFailure.refused("not a signed JWT"));
        }
        if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
            return CompletableFuture.failedFuture(SsoFailure.refused("JWT with an algorithm that is not accepted"));
        }
        return keys.get()
                .thenCompose(known -> knows(known, jwt) ? CompletableFuture.completedFuture(known) : keys.again())
                .thenApply(set -> verify(jwt, set, audience, exact, required, type));
    }

    private static boolean knows(JWKSet set, SignedJWT jwt) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(jwt.getHeader());
        return matcher != null && !new JWKSelector(matcher).select(set).isEmpty();
    }

    private JWTClaimsSet verify(
            SignedJWT jwt, JWKSet set, String audience, JWTClaimsSet exact, Set<String> required, String type) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType(type), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(set)));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(audience, exact, required) {
            @Override
            protected Date currentTime() {
                return Date.from(clock.instant());
            }
        });
        try {
            return processor.process(jwt, null);
        } catch (BadJOSEException | JOSEException e) {
            throw SsoFailure.refused("JWT does not verify: " + ProviderCalls.plain(e.getMessage()));
        }
    }
}
