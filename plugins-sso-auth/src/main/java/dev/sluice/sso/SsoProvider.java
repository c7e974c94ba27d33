package dev.sluice.sso;

import com.google.auto.service.AutoService;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginContext;

/** The plugin {@code sso}: people log in at the organisation's SSO once, and are known here. */
@AutoService(AuthenticatorProvider.class)
public final class SsoProvider implements AuthenticatorProvider {

    @Override
    public String name() {
        return "sso";
    }

    @Override
    public Authenticator create(PluginContext context) {
        return SsoAssembly.authenticator(context);
    }
}
