package com.example.proxy;

import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** {@code hawk}: {@code credentials = [ { id = reports, key = ${REPORTS_KEY} } ]}. */
public final class HawkProvider implements AuthenticatorProvider {

    private static final int SHORTEST_KEY = 32;

    @Override
    public String name() {
        return "hawk";
    }

    @Override
    public Authenticator create(PluginContext context) {
        PluginConfig config = context.config();
        return new HawkAuthenticator(
                keys(config),
                config.duration("skew", Duration.ofMinutes(1)),
                config.integer("nonces", 100_000, 1, 10_000_000),
                context.clock());
    }

    private static Map<String, HawkKey> keys(PluginConfig config) {
        Map<String, HawkKey> keys = new HashMap<>();
        for (PluginConfig credential : config.sections("credentials")) {
            String id = credential.string("id");
            String secret = credential.string("key");
            if (!id.matches("[A-Za-z0-9._-]+")) {
                throw credential.wrong("id", id + " (expected: letters, digits, dots, underscores, dashes)");
            }
            if (secret.length() < SHORTEST_KEY) {
                throw credential.wrong(
                        "key", secret.length() + " characters (expected: at least " + SHORTEST_KEY + ")");
            }
            if (keys.put(id, new HawkKey(secret)) != null) {
                throw credential.wrong("id", id + " twice (expected: each once)");
            }
        }
        if (keys.isEmpty()) {
            throw config.wrong("credentials", "none (expected: at least one, such as { id = reports, key = ${KEY} })");
        }
        return keys;
    }
}
