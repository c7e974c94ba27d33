package dev.sluice.engine.launch;

import com.google.auto.service.AutoService;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginContext;
import java.util.concurrent.CompletableFuture;

/** Makes an authenticator that answers when its test says so. */
@AutoService(AuthenticatorProvider.class)
public final class HeldProvider implements AuthenticatorProvider {

    private static volatile CompletableFuture<AuthDecision> answer = new CompletableFuture<>();

    /** The answer to everything that authenticators are asked that are made from now on. */
    static CompletableFuture<AuthDecision> hold() {
        answer = new CompletableFuture<>();
        return answer;
    }

    @Override
    public String name() {
        return "held";
    }

    @Override
    public Authenticator create(PluginContext context) {
        CompletableFuture<AuthDecision> mine = answer;
        return request -> mine;
    }
}
