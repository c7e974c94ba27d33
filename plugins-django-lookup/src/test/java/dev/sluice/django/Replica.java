package dev.sluice.django;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.config.HoconConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A real proxy with this plugin. Everybody is who the header {@code x-test-user} says, ann if there is none. */
final class Replica implements AutoCloseable {

    private final ProxyRuntime runtime;
    private final RouteResolver resolver;
    private final ProxyServer server;

    private Replica(ProxyRuntime runtime, RouteResolver resolver, ProxyServer server) {
        this.runtime = runtime;
        this.resolver = resolver;
        this.server = server;
    }

    /** @param more keys beside where Django and the applications are */
    static Replica start(int djangoPort, String more) throws IOException {
        String hocon = "root = \"http://127.0.0.1:" + djangoPort
                + "\", domain = example.org, networks = [\"127.0.0.1\"]\n" + more;
        var runtime = ProxyRuntime.start(
                ProxySettings.defaults().withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        var resolver = new DjangoLookupProvider().create(runtime.contextFor(HoconConfig.parse(hocon)));
        var server = ProxyServer.builder(runtime)
                .authenticator(new Greeter())
                .resolver(resolver)
                .start();
        return new Replica(runtime, resolver, server);
    }

    InetSocketAddress address() {
        return server.address();
    }

    int port() {
        return address().getPort();
    }

    @Override
    public void close() {
        server.close();
        resolver.close();
        runtime.close();
    }

    private static final class Greeter implements Authenticator {
        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            String header = request.headers().get("x-test-user");
            String user = header == null ? "ann" : header;
            return CompletableFuture.completedFuture(new AuthDecision.Proceed(
                    Identity.of(user),
                    HeaderEdits.builder().put("sso-profile-user-id", user).build(),
                    List.of()));
        }

        @Override
        public Set<String> identityHeaders() {
            return Set.of("sso-profile-user-id");
        }
    }
}
