package dev.sluice.engine.builtin;

import com.google.auto.service.AutoService;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Identity;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code anonymous}: lets every request pass, as {@link Identity#ANONYMOUS}. */
@AutoService(AuthenticatorProvider.class)
public final class AnonymousProvider implements AuthenticatorProvider {

    private static final CompletionStage<AuthDecision> PASS =
            CompletableFuture.completedFuture(AuthDecision.proceed(Identity.ANONYMOUS));

    @Override
    public String name() {
        return "anonymous";
    }

    @Override
    public Authenticator create(PluginContext context) {
        return request -> PASS;
    }
}
