package dev.sluice.sso;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.LocalResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A short-lived JWT that tells an application who vouched for the user, and for which host, so that it need not believe
 * whoever can reach its port. A signature is made once a minute for a user at a host.
 */
final class Assertions {

    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final int MOST_CACHED = 10_000;

    private record Whom(String user, String host) {}

    private record Signed(HeaderEdits edits, long until) {}

    private final String header;
    private final String issuer;
    private final JWKSet keys;
    private final JWSSigner signer;
    private final JWSHeader jwsHeader;
    private final Clock clock;
    private final Map<Whom, Signed> cache = new ConcurrentHashMap<>();

    /**
     * @param keys private keys, each with an id; the first one signs, all are published
     * @throws IllegalArgumentException if the first one cannot sign
     */
    Assertions(String header, String issuer, JWKSet keys, Clock clock) {
        this.header = header;
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
        if (keys.isEmpty() || keys.getKeys().stream().anyMatch(key -> !key.isPrivate() || key.getKeyID() == null)) {
            throw new IllegalArgumentException("expected: private keys, each with a kid");
        }
        JWK key = keys.getKeys().get(0);
        try {
            if (key instanceof ECKey ec && Curve.P_256.equals(ec.getCurve())) {
                signer = new ECDSASigner(ec);
                jwsHeader = jwsHeader(JWSAlgorithm.ES256, key);
            } else if (key instanceof RSAKey rsa && rsa.size() >= 2048) {
                signer = new RSASSASigner(rsa);
                jwsHeader = jwsHeader(JWSAlgorithm.RS256, key);
            } else {
                throw new IllegalArgumentException("expected: an EC key on P-256, or an RSA key of 2048 bits or more");
            }
        } catch (JOSEException e) {
            throw new IllegalArgumentException("a key that cannot sign", e);
        }
    }

    private static JWSHeader jwsHeader(JWSAlgorithm algorithm, JWK key) {
        return new JWSHeader.Builder(algorithm)
                .keyID(key.getKeyID())
                .type(JOSEObjectType.JWT)
                .build();
    }

    String header() {
        return header;
    }

    /** {@code proceed} with the assertion for {@code host}. */
    AuthDecision.Proceed added(AuthDecision.Proceed proceed, String host) {
        Whom whom = new Whom(proceed.identity().userId(), host);
        long now = clock.millis();
        Signed known = cache.get(whom);
        if (known == null || now >= known.until) {
            if (cache.size() >= MOST_CACHED) {
                cache.clear();
            }
            known = new Signed(
                    HeaderEdits.builder()
                            .put(header, sign(whom, clock.instant()))
                            .build(),
                    now + LIFE.toMillis() / 2);
            cache.put(whom, known);
        }
        return new AuthDecision.Proceed(proceed.identity(), proceed.toUpstream().then(known.edits), proceed.cookies());
    }

    private String sign(Whom whom, Instant now) {
        SignedJWT jwt = new SignedJWT(
                jwsHeader,
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .subject(whom.user)
                        .audience(whom.host)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFE)))
                        .build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    /** The public keys. */
    LocalResponse keySet() {
        return LocalResponse.status(200)
                .withBody(
                        "application/jwk-set+json",
                        Secrets.utf8(keys.toPublicJWKSet().toString()))
                .withHeader("Cache-Control", "public, max-age=300");
    }
}
