package dev.sluice.engine.netty;

import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.exchange.Policy;
import dev.sluice.engine.http.ForwardedHeaders;
import dev.sluice.engine.http.IdentityHeaders;
import dev.sluice.engine.http.RequestRules;
import java.time.Clock;

/** What all connections of one server share. Immutable. */
public record ServerContext(
        ProxySettings settings,
        Policy policy,
        RequestRules rules,
        ForwardedHeaders forwarding,
        IdentityHeaders identityHeaders,
        ExchangeReport report,
        Clock clock) {}
