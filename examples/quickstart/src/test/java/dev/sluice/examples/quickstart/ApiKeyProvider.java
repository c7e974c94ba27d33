package dev.sluice.examples.quickstart;

import com.google.auto.service.AutoService;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginContext;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

@AutoService(AuthenticatorProvider.class)
public final class ApiKeyProvider implements AuthenticatorProvider {

    @Override
    public String name() {
        return "api-key";
    }

    @Override
    public Authenticator create(PluginContext context) {
        return new ApiKeyAuthenticator(Set.copyOf(context.config().strings("keys")));
    }
}

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
