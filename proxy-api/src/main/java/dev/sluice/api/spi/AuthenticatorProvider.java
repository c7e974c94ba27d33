package dev.sluice.api.spi;

import dev.sluice.api.Authenticator;

/** Makes {@link Authenticator}s; see {@link PluginProvider}. */
public interface AuthenticatorProvider extends PluginProvider<Authenticator> {}
