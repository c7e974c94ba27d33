package dev.sluice.api.examples;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

final class ApiKeyAuthenticator implements Authenticator {
    private final Set<String> known;

    ApiKeyAuthenticator(Set<String> known) {
        this.known = known;
    }

    @Override
    public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
        String key = request.headers().get("X-Api-Key");
        if (key == null) {
            return CompletableFuture.completedFuture(AuthDecision.abstain());
        }
        return CompletableFuture.completedFuture(
                known.contains(key)
                        ? AuthDecision.proceed(Identity.of("robot"))
                        : AuthDecision.respond(LocalResponse.status(401)));
    }
}
