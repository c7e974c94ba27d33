package dev.sluice.engine;

import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.RouteResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stand-in: binds, and serves nobody. */
public final class ProxyServer implements AutoCloseable {
    private final ServerSocket socket;

    private ProxyServer(ServerSocket socket) {
        this.socket = socket;
    }

    public static Builder builder(ProxyRuntime runtime) {
        return new Builder();
    }

    /** Stand-in. */
    public static final class Builder {
        private ProxySettings settings = ProxySettings.defaults();

        public Builder settings(ProxySettings settings) {
            this.settings = settings;
            return this;
        }

        public Builder authenticator(When when, Authenticator authenticator) {
            return this;
        }

        public Builder authenticator(Authenticator authenticator) {
            return this;
        }

        public Builder resolver(When when, RouteResolver resolver) {
            return this;
        }

        public Builder cookieMerger(CookieMerger merger) {
            return this;
        }

        public ProxyServer start() throws IOException {
            ServerSocket socket = new ServerSocket();
            socket.bind(settings.listen());
            return new ProxyServer(socket);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public CompletionStage<Void> drain() {
        close();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
