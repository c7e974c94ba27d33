package dev.sluice.sso;

import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.time.Clock;

/** Puts the plugin's parts together. */
final class SsoAssembly {

    private SsoAssembly() {}

    static Authenticator authenticator(PluginContext context) {
        PluginConfig config = context.config();
        Clock clock = context.clock();
        SiteConfig site = SiteConfig.read(config);
        ProviderConfig providers = new ProviderConfig(context);
        IdentityProvider provider = providers.provider();
        IdentityConfig identity = IdentityConfig.read(config, site.publicUrl(), clock);
        AccessConfig access = AccessConfig.read(config, site.publicUrl().getScheme(), providers.verifiesEmails());
        BearerTokens bearers = providers.bearers(identity.headers());
        BackChannelConfig backChannel = providers.backChannel();
        SessionConfig kept = SessionConfig.read(config);
        boolean logoutAtProvider = config.bool("logout.provider", true);
        boolean passPreflight = config.bool("pass-preflight", false);

        // From here on resources are held; whatever is wrong with the configuration has been said above.
        SessionStore store = kept.open(context);
        Sessions sessions = new Sessions(
                store, new SessionCodec(kept.keys()), identity.headers()::proceed, site.mainHost(), clock, kept.idle());
        LoginTransactions transactions = new LoginTransactions(site.cookies(), kept.keys(), clock);
        Login login = new Login(
                provider,
                transactions,
                sessions,
                store,
                site.cookies(),
                site.urls(),
                site.paths(),
                access.networks(),
                clock,
                kept.longest());
        SsoParts parts = new SsoParts(
                site.paths(),
                site.urls().loginHost(),
                site.cookies(),
                sessions,
                store,
                provider,
                new Renewals(store, sessions, provider, clock, context.timer()),
                login,
                new SiblingHosts(
                        login,
                        transactions,
                        sessions,
                        site.cookies(),
                        site.urls(),
                        site.paths(),
                        clock,
                        site.domain() == null),
                new Logout(
                        provider,
                        sessions,
                        site.cookies(),
                        access.origins(),
                        site.paths(),
                        site.afterLogout(),
                        logoutAtProvider),
                access.origins(),
                access.requirements(),
                identity.headerNames(),
                passPreflight,
                access.networks(),
                bearers,
                identity.assertions(),
                backChannel == null ? null : backChannel.open(sessions, store, context));
        provider.reachable(); // asks now, so that the first login need not wait
        return new SsoAuthenticator(parts, clock);
    }
}
