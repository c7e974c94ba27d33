package dev.sluice.engine.exchange;

import dev.sluice.engine.ProxySettings.PhaseTimeouts;

/**
 * What a deployment decided for all of its exchanges, and what they share so that they stay within its bounds.
 *
 * @param pluginCalls how many are under way
 * @param upstreams what is known of them
 */
public record Policy(
        AuthenticatorChain authenticators,
        ResolverChain resolvers,
        Cookies cookies,
        PhaseTimeouts timeouts,
        PluginCalls pluginCalls,
        Upstreams upstreams) {}
