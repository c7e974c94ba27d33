package dev.sluice.sso;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A provider that speaks OpenID Connect, found by its issuer (OpenID Connect Core 1.0, Discovery 1.0). */
final class OidcProvider implements IdentityProvider {

    private static final Duration COOL_DOWN = Duration.ofSeconds(10);
    private static final Duration AGE = Duration.ofHours(1);

    /** @param userInfo whether the userinfo endpoint is asked at login and at renewals */
    record Settings(String issuer, String clientId, Scope scope, String userClaim, boolean userInfo) {}

    private final Settings settings;
    private final ProviderCalls calls;
    private final Clock clock;
    private final Fetched<OIDCProviderMetadata> metadata;
    private final TokenVerifier verifier;

    OidcProvider(Settings settings, ProviderCalls calls, Clock clock) {
        this.settings = settings;
        this.calls = calls;
        this.clock = clock;
        this.metadata = new Fetched<>(this::discover, clock, COOL_DOWN.dividedBy(10), AGE);
        this.verifier = new TokenVerifier(new Fetched<>(this::fetchKeys, clock, COOL_DOWN, AGE), clock);
    }

    private CompletionStage<OIDCProviderMetadata> discover() {
        String issuer = settings.issuer;
        URI well = URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration");
        return calls.json(well, null, "discovery").thenApply(json -> {
            try {
                OIDCProviderMetadata found = OIDCProviderMetadata.parse(JSONObjectUtils.toJSONString(json));
                if (!found.getIssuer().getValue().equals(issuer)) {
                    throw SsoFailure.unavailable(
                            "discovery: issuer " + found.getIssuer() + " (expected: " + issuer + ")", null);
                }
                return found;
            } catch (ParseException e) {
                throw SsoFailure.unavailable("discovery: " + e.getMessage(), null);
            }
        });
    }

    private CompletionStage<JWKSet> fetchKeys() {
        return metadata.get()
                .thenCompose(found -> calls.json(found.getJWKSetURI(), null, "key set"))
                .thenApply(json -> {
                    try {
                        return JWKSet.parse(json);
                    } catch (java.text.ParseException e) {
                        throw SsoFailure.unavailable("key set: not a JWK set", null);
                    }
                });
    }

    @Override
    public CompletionStage<URI> loginPage(LoginTransaction transaction, URI callback) {
        return metadata.get()
                .thenApply(found -> new AuthenticationRequest.Builder(
                                ResponseType.CODE, settings.scope, new ClientID(settings.clientId), callback)
                        .endpointURI(found.getAuthorizationEndpointURI())
                        .state(new State(transaction.state()))
                        .nonce(new Nonce(transaction.nonce()))
                        .codeChallenge(new CodeVerifier(transaction.verifier()), CodeChallengeMethod.S256)
                        .build()
                        .toURI());
    }

    @Override
    public CompletionStage<Grant> exchange(String code, LoginTransaction transaction, URI callback) {
        var grant = new AuthorizationCodeGrant(
                new AuthorizationCode(code), callback, new CodeVerifier(transaction.verifier()));
        return metadata.get()
                .thenCompose(found -> calls.token(found.getTokenEndpointURI(), grant, null))
                .thenCompose(answer -> granted(answer, transaction.nonce(), null));
    }

    @Override
    public CompletionStage<Grant> renew(SessionRecord record) {
        String refresh = record.tokens().refresh();
        if (refresh == null) {
            return CompletableFuture.failedFuture(SsoFailure.ended("no refresh token"));
        }
        return metadata.get()
                .thenCompose(found -> calls.token(
                        found.getTokenEndpointURI(), new RefreshTokenGrant(new RefreshToken(refresh)), null))
                .thenCompose(answer -> granted(answer, null, record));
    }

    private CompletionStage<Grant> granted(
            OIDCTokenResponse answer, @Nullable String nonce, @Nullable SessionRecord before) {
        OIDCTokens tokens = answer.getOIDCTokens();
        String idToken = tokens.getIDTokenString();
        SessionRecord.Tokens kept = kept(tokens, before);
        if (idToken == null && before == null) {
            return CompletableFuture.failedFuture(SsoFailure.refused("token endpoint: no ID token"));
        }
        CompletionStage<Map<String, List<String>>> told = idToken == null
                ? CompletableFuture.completedFuture(before == null ? Map.of() : before.claims())
                : idToken(idToken, nonce).thenApply(claims -> merged(before, Claims.of(claims.toJSONObject())));
        return told.thenCompose(claims -> withUserInfo(claims, kept.access())).thenApply(claims -> {
            String subject = Claims.required(claims, "sub");
            if (before != null && !before.subject().equals(subject)) {
                throw SsoFailure.refused("the renewed tokens are another user's");
            }
            Instant renewBy = kept.refresh() == null ? Instant.MAX : kept.expiresAt();
            List<String> sid = claims.getOrDefault("sid", List.of());
            return new Grant(
                    Claims.required(claims, settings.userClaim),
                    subject,
                    sid.isEmpty() ? null : sid.get(0),
                    claims,
                    kept,
                    renewBy);
        });
    }

    /** A refreshed ID token may say less than the first; what it does not mention stays as it was. */
    private static Map<String, List<String>> merged(@Nullable SessionRecord before, Map<String, List<String>> now) {
        Map<String, List<String>> all = new HashMap<>(before == null ? Map.of() : before.claims());
        all.putAll(now);
        return all;
    }

    private SessionRecord.Tokens kept(OIDCTokens tokens, @Nullable SessionRecord before) {
        var access = tokens.getAccessToken();
        var refresh = tokens.getRefreshToken();
        String idToken = tokens.getIDTokenString();
        long life = access.getLifetime();
        return new SessionRecord.Tokens(
                access.getValue(),
                refresh != null
                        ? refresh.getValue()
                        : before == null ? null : before.tokens().refresh(),
                idToken != null
                        ? idToken
                        : before == null ? null : before.tokens().id(),
                life > 0 ? clock.instant().plusSeconds(life) : Instant.MAX);
    }

    private CompletionStage<JWTClaimsSet> idToken(String token, @Nullable String nonce) {
        JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder().issuer(settings.issuer);
        if (nonce != null) {
            exact.claim("nonce", nonce);
        }
        return verifier.verify(token, settings.clientId, exact.build(), Set.of("sub", "exp", "iat"), "JWT")
                .thenApply(claims -> {
                    Object party = claims.getClaim("azp");
                    if (party != null && !party.equals(settings.clientId)) {
                        throw SsoFailure.refused("ID token: azp is another client");
                    }
                    if (claims.getAudience().size() > 1 && party == null) {
                        throw SsoFailure.refused("ID token: several audiences and no azp");
                    }
                    return claims;
                });
    }

    private CompletionStage<Map<String, List<String>>> withUserInfo(
            Map<String, List<String>> claims, @Nullable String accessToken) {
        if (!settings.userInfo || accessToken == null) {
            return CompletableFuture.completedFuture(claims);
        }
        return metadata.get()
                .thenCompose(found -> calls.json(found.getUserInfoEndpointURI(), accessToken, "userinfo"))
                .thenApply(json -> {
                    Map<String, List<String>> all = new HashMap<>(claims);
                    Map<String, List<String>> more = Claims.of(json);
                    if (!Claims.required(more, "sub").equals(Claims.required(claims, "sub"))) {
                        throw SsoFailure.refused("userinfo is another user's");
                    }
                    all.putAll(more);
                    return all;
                });
    }

    @Override
    public CompletionStage<Optional<URI>> logoutPage(SessionRecord record, URI after) {
        return metadata.get().thenApply(found -> {
            URI endpoint = found.getEndSessionEndpointURI();
            if (endpoint == null) {
                return Optional.empty();
            }
            String idToken = record.tokens().id();
            try {
                return Optional.of(new LogoutRequest(
                                endpoint,
                                idToken == null ? null : com.nimbusds.jwt.JWTParser.parse(idToken),
                                null,
                                new ClientID(settings.clientId),
                                after,
                                null,
                                null)
                        .toURI());
            } catch (java.text.ParseException e) {
                return Optional.of(endpoint);
            }
        });
    }

    /** Verifies JWTs of this issuer. */
    TokenVerifier verifier() {
        return verifier;
    }

    @Override
    public Optional<String> issuer() {
        return Optional.of(settings.issuer);
    }

    @Override
    public boolean reachable() {
        if (!metadata.isThere()) {
            metadata.get();
        }
        return metadata.isThere();
    }
}
