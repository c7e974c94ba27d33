package dev.sluice.testkit.example;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Knows robots by their key. */
final class ApiKeyAuthenticator implements Authenticator {

    private final Map<String, String> robotsByKey;

    ApiKeyAuthenticator(Map<String, String> robotsByKey) {
        this.robotsByKey = Map.copyOf(robotsByKey);
    }

    @Override
    public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
        return CompletableFuture.completedFuture(decide(request.headers().get("X-Api-Key")));
    }

    private AuthDecision decide(@Nullable String key) {
        if (key == null) {
            return AuthDecision.abstain();
        }
        String robot = robotsByKey.get(key);
        return robot == null
                ? AuthDecision.respond(LocalResponse.status(401))
                : AuthDecision.proceed(
                        Identity.of(robot),
                        HeaderEdits.builder().put("X-Robot", robot).build());
    }

    @Override
    public Set<String> identityHeaders() {
        return Set.of("X-Robot");
    }
}
