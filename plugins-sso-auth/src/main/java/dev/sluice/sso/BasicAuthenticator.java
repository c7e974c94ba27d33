package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Knows one service account (RFC 7617). Requests without Basic credentials are left to the next authenticator; wrong
 * credentials are refused here.
 */
final class BasicAuthenticator implements Authenticator {

    private final byte[] user;
    private final byte[] passwordDigest;
    private final Set<String> headerNames;
    private final CompletionStage<AuthDecision> known;
    private final CompletionStage<AuthDecision> unknown;
    private final CompletionStage<AuthDecision> notMine = CompletableFuture.completedFuture(AuthDecision.abstain());

    BasicAuthenticator(String user, byte[] passwordDigest, String realm, Map<String, String> headers) {
        this.user = Secrets.sha256(user);
        this.passwordDigest = passwordDigest;
        this.headerNames = Set.copyOf(headers.keySet());
        HeaderEdits.Builder edits = HeaderEdits.builder().remove("Authorization");
        headers.forEach(edits::put);
        known = CompletableFuture.completedFuture(AuthDecision.proceed(Identity.of(user), edits.build()));
        unknown = CompletableFuture.completedFuture(AuthDecision.respond(LocalResponse.text(401, "Wrong credentials.")
                .withHeader("WWW-Authenticate", "Basic realm=\"" + realm.replaceAll("[\"\\\\]", "") + "\"")
                .withHeader("Cache-Control", "no-store")));
    }

    @Override
    public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
        String value = request.headers().get("Authorization");
        if (value == null || !value.regionMatches(true, 0, "Basic ", 0, 6)) {
            return notMine;
        }
        String credentials = decoded(value.substring(6).strip());
        int colon = credentials == null ? -1 : credentials.indexOf(':');
        if (credentials == null || colon < 0) {
            return unknown;
        }
        // Both are compared, always and as digests, so that time tells neither which was wrong nor how long it is.
        boolean sameUser = MessageDigest.isEqual(user, Secrets.sha256(credentials.substring(0, colon)));
        boolean samePassword = MessageDigest.isEqual(passwordDigest, Secrets.sha256(credentials.substring(colon + 1)));
        return sameUser & samePassword ? known : unknown;
    }

    private static @Nullable String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public Set<String> identityHeaders() {
        return headerNames;
    }
}
