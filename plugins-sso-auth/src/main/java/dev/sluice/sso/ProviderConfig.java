package dev.sluice.sso;

import com.nimbusds.oauth2.sdk.Scope;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which identity provider is configured, with what only an OpenID Connect provider can do. */
final class ProviderConfig {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderConfig.class);

    private final PluginConfig config;
    private final Clock clock;
    private final String clientId;
    private final @Nullable OidcProvider oidc;
    private final IdentityProvider provider;

    ProviderConfig(PluginContext context) {
        config = context.config();
        clock = context.clock();
        clientId = config.string("client-id");
        ProviderCalls calls = new ProviderCalls(
                context.http(),
                clientId,
                config.optional("client-secret").orElse(null),
                config.oneOf(ProviderCalls.ClientAuth.class, "client-auth", ProviderCalls.ClientAuth.BASIC));
        PluginConfig oauth2 = config.section("oauth2").orElse(null);
        if (config.has("issuer") == (oauth2 != null)) {
            throw config.wrong("issuer", "(expected: either issuer or a section oauth2)");
        }
        if (oauth2 == null) {
            oidc = oidc(calls);
            provider = oidc;
        } else {
            oidc = null;
            provider = profile(oauth2, calls);
        }
    }

    private OidcProvider oidc(ProviderCalls calls) {
        if (issuer().startsWith("http:")) {
            LOG.warn("the issuer is reached over plain HTTP: whoever sees the network sees the tokens");
        }
        return new OidcProvider(
                new OidcProvider.Settings(
                        issuer(),
                        clientId,
                        Scope.parse(config.string("scope", "openid profile email")),
                        config.string("user-claim", "sub"),
                        config.bool("userinfo", false)),
                calls,
                clock);
    }

    private String issuer() {
        return config.uri("issuer").toString();
    }

    private ProfileProvider profile(PluginConfig oauth2, ProviderCalls calls) {
        return new ProfileProvider(
                new ProfileProvider.Settings(
                        oauth2.uri("authorize"),
                        oauth2.uri("token"),
                        oauth2.uri("profile"),
                        oauth2.has("logout") ? oauth2.uri("logout") : null,
                        clientId,
                        Scope.parse(config.string("scope", "")),
                        config.string("user-claim"),
                        oauth2.duration("profile-for", Duration.ofSeconds(60))),
                calls,
                clock);
    }

    IdentityProvider provider() {
        return provider;
    }

    /** Whether the provider says which e-mail addresses it has verified. */
    boolean verifiesEmails() {
        return oidc != null;
    }

    @Nullable
    BearerTokens bearers(IdentityHeaders headers) {
        PluginConfig bearer = config.section("bearer").orElse(null);
        if (bearer == null) {
            return null;
        }
        if (oidc == null) {
            throw config.wrong("bearer", "(expected: with issuer, whose tokens can be verified)");
        }
        return new BearerTokens(
                oidc.verifier(),
                issuer(),
                bearer.string("audience"),
                config.string("user-claim", "sub"),
                headers,
                clock);
    }

    @Nullable
    BackChannelConfig backChannel() {
        PluginConfig backChannel = config.section("back-channel").orElse(null);
        if (backChannel == null) {
            return null;
        }
        if (oidc == null) {
            throw config.wrong("back-channel", "(expected: with issuer, whose logout tokens can be verified)");
        }
        return new BackChannelConfig(
                config,
                new InetSocketAddress(
                        backChannel.string("host", "127.0.0.1"), backChannel.integer("port", -1, 0, 65535)),
                oidc.verifier(),
                issuer(),
                clientId);
    }
}
