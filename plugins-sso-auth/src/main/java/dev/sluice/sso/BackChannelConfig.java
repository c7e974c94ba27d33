package dev.sluice.sso;

import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Where the provider's logout messages are listened for, and whose count. */
record BackChannelConfig(
        PluginConfig config, InetSocketAddress address, TokenVerifier verifier, String issuer, String clientId) {

    /** Listens; if that cannot be done, closes {@code store} before it says so. */
    BackChannelListener open(Sessions sessions, SessionStore store, PluginContext context) {
        try {
            return new BackChannelListener(
                    address, verifier, issuer, clientId, sessions, store, context.clock(), context.timer());
        } catch (IOException e) {
            store.close();
            throw config.wrong("back-channel", address + ": " + e.getMessage());
        }
    }
}
