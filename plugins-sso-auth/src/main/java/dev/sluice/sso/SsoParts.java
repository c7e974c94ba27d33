package dev.sluice.sso;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link SsoAuthenticator} is put together from; null is what the deployment does not use. */
record SsoParts(
        OwnPaths paths,
        String loginHost,
        Cookies cookies,
        Sessions sessions,
        SessionStore store,
        IdentityProvider provider,
        Renewals renewals,
        Login login,
        SiblingHosts siblings,
        Logout logout,
        OriginGuard origins,
        List<Requirement> requirements,
        Set<String> identityHeaders,
        boolean passPreflight,
        @Nullable Networks networks,
        @Nullable BearerTokens bearers,
        @Nullable Assertions assertions,
        @Nullable BackChannelListener backChannel) {}
