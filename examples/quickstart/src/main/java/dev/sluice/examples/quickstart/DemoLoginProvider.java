package dev.sluice.examples.quickstart;

import com.google.auto.service.AutoService;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginContext;

/** Makes the quickstart's login: {@code { plugin = demo-login }}. */
@AutoService(AuthenticatorProvider.class)
public final class DemoLoginProvider implements AuthenticatorProvider {

    @Override
    public String name() {
        return "demo-login";
    }

    @Override
    public Authenticator create(PluginContext context) {
        return new DemoLogin();
    }
}
