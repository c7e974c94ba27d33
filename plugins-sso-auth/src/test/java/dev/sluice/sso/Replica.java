package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Identity;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamScript;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/** One running proxy with the plugin, in front of an upstream that repeats the head that it gets. */
final class Replica implements AutoCloseable {

    private static final String SSO = "{ plugin = sso }";

    private final ProxyRuntime runtime;
    private final Authenticator authenticator;
    private final ProxyServer server;
    private final ScriptedUpstream upstream;

    private Replica(Clock clock, UpstreamScript script, String guards, String config) throws IOException {
        upstream = ScriptedUpstream.start(script);
        ProxySettings settings = ProxySettings.defaults().withListen(new InetSocketAddress("127.0.0.1", 0));
        runtime = ProxyRuntime.start(settings, clock);
        HoconConfig parsed = HoconConfig.parse(config);
        authenticator = new SsoProvider().create(runtime.contextFor(parsed));
        RouteResolver resolver =
                request -> CompletableFuture.completedFuture(RouteDecision.forward(upstream.upstream()));
        ProxyServer.Builder builder = ProxyServer.builder(runtime);
        ProxyConfig before = ProxyConfig.read(
                HoconConfig.parse("authenticators = [" + guards + "], resolvers = [{ plugin = none }]"));
        before.ambiguousPathGuard().ifPresent(builder::authenticator);
        Authenticator anybody = request -> CompletableFuture.completedFuture(AuthDecision.proceed(Identity.ANONYMOUS));
        before.authenticators().stream()
                .filter(entry -> entry.name().equals("anonymous"))
                .forEach(entry -> builder.authenticator(entry.when(), anybody));
        server = builder.authenticator(authenticator).resolver(resolver).start();
    }

    /** With a rule that lets everybody read what is below {@code /public}. */
    static Replica startWithPublicPath(Clock clock, String config) throws IOException {
        return new Replica(
                clock,
                Scripts.echo(),
                "{ plugin = anonymous, when { paths = [\"/public\"], methods = [GET] } }, " + SSO,
                config);
    }

    static Replica start(Clock clock, String config) throws IOException {
        return new Replica(clock, Scripts.echo(), SSO, config);
    }

    static Replica start(Clock clock, UpstreamScript script, String config) throws IOException {
        return new Replica(clock, script, SSO, config);
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
