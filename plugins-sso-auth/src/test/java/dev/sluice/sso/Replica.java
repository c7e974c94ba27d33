package dev.sluice.sso;

import dev.sluice.api.Authenticator;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.UpstreamScript;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/** One running proxy with the plugin, in front of an upstream that repeats the head that it gets. */
final class Replica implements AutoCloseable {

    private final ProxyRuntime runtime;
    private final Authenticator authenticator;
    private final ProxyServer server;
    private final ScriptedUpstream upstream;

    private Replica(Clock clock, UpstreamScript script, String config) throws IOException {
        upstream = ScriptedUpstream.start(script);
        ProxySettings settings = ProxySettings.defaults().withListen(new InetSocketAddress("127.0.0.1", 0));
        runtime = ProxyRuntime.start(settings, clock);
        HoconConfig parsed = HoconConfig.parse(config);
        authenticator = new SsoProvider().create(runtime.contextFor(parsed));
        RouteResolver resolver =
                request -> CompletableFuture.completedFuture(RouteDecision.forward(upstream.upstream()));
        server = ProxyServer.builder(runtime)
                .authenticator(authenticator)
                .resolver(resolver)
                .start();
    }

    static Replica start(Clock clock, String config) throws IOException {
        return new Replica(clock, Scripts.echo(), config);
    }

    static Replica start(Clock clock, UpstreamScript script, String config) throws IOException {
        return new Replica(clock, script, config);
    }

    InetSocketAddress address() {
        return server.address();
    }

    SsoAuthenticator authenticator() {
        return (SsoAuthenticator) authenticator;
    }

    ScriptedUpstream upstream() {
        return upstream;
    }

    @Override
    public void close() {
        server.close();
        authenticator.close();
        runtime.close();
        upstream.close();
    }
}
