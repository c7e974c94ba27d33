package dev.sluice.engine.exchange;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.engine.ProxySettings.PhaseTimeouts;

/** What a deployment decided for all of its exchanges. Immutable. */
public record Policy(
        AuthenticatorChain authenticators,
        ResolverChain resolvers,
        CookieMerger cookieMerger,
        OwnCookies ownCookies,
        PhaseTimeouts timeouts) {}
