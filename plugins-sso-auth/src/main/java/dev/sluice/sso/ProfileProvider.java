package dev.sluice.sso;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Tokens;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A provider that speaks plain OAuth 2.0 and tells who the user is by an endpoint of its own. The profile counts for a
 * while and is then asked for again, so that a user who is removed there is out here as well.
 */
final class ProfileProvider implements IdentityProvider {

    /** @param logout where the browser logs out of the provider, if there is such a page */
    record Settings(
            URI authorize,
            URI token,
            URI profile,
            @Nullable URI logout,
            String clientId,
            Scope scope,
            String userClaim,
            Duration profileFor) {}

    private final Settings settings;
    private final ProviderCalls calls;
    private final Clock clock;

    ProfileProvider(Settings settings, ProviderCalls calls, Clock clock) {
        this.settings = settings;
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    public CompletionStage<URI> loginPage(LoginTransaction transaction, URI callback) {
        return CompletableFuture.completedFuture(
                new AuthorizationRequest.Builder(ResponseType.CODE, new ClientID(settings.clientId))
                        .endpointURI(settings.authorize)
                        .redirectionURI(callback)
                        .scope(settings.scope)
                        .state(new State(transaction.state()))
                        .codeChallenge(new CodeVerifier(transaction.verifier()), CodeChallengeMethod.S256)
                        .build()
                        .toURI());
    }

    @Override
    public CompletionStage<Grant> exchange(String code, LoginTransaction transaction, URI callback) {
        var grant = new AuthorizationCodeGrant(
                new AuthorizationCode(code), callback, new CodeVerifier(transaction.verifier()));
        return calls.token(settings.token, grant, null)
                .thenApply(answer -> kept(answer.getTokens(), null))
                .thenCompose(this::granted);
    }

    @Override
    public CompletionStage<Grant> renew(SessionRecord record) {
        String refresh = record.tokens().refresh();
        if (refresh == null) {
            return granted(record.tokens());
        }
        return clock.instant().isBefore(record.tokens().expiresAt())
                ? granted(record.tokens())
                        .exceptionallyCompose(error -> SsoFailure.kindOf(error) == SsoFailure.Kind.ENDED
                                ? refreshed(refresh)
                                : CompletableFuture.failedFuture(error))
                : refreshed(refresh);
    }

    private CompletionStage<Grant> refreshed(String refresh) {
        return calls.token(settings.token, new RefreshTokenGrant(new RefreshToken(refresh)), null)
                .thenApply(answer -> kept(answer.getTokens(), refresh))
                .thenCompose(this::granted);
    }

    private CompletionStage<Grant> granted(SessionRecord.Tokens tokens) {
        return calls.json(settings.profile, tokens.access(), "profile").thenApply(json -> {
            Map<String, List<String>> claims = Claims.of(json);
            String user = Claims.required(claims, settings.userClaim);
            return new Grant(user, user, null, claims, tokens, clock.instant().plus(settings.profileFor));
        });
    }

    private SessionRecord.Tokens kept(Tokens tokens, @Nullable String refreshBefore) {
        long life = tokens.getAccessToken().getLifetime();
        return new SessionRecord.Tokens(
                tokens.getAccessToken().getValue(),
                tokens.getRefreshToken() == null
                        ? refreshBefore
                        : tokens.getRefreshToken().getValue(),
                null,
                life > 0 ? clock.instant().plusSeconds(life) : Instant.MAX);
    }

    @Override
    public CompletionStage<Optional<URI>> logoutPage(SessionRecord record, URI after) {
        return CompletableFuture.completedFuture(Optional.ofNullable(settings.logout));
    }

    @Override
    public Optional<String> issuer() {
        return Optional.empty();
    }

    @Override
    public boolean reachable() {
        return true;
    }
}
