package dev.sluice.engine.netty;

import dev.sluice.api.OwnCookies;
import dev.sluice.api.Upstream;
import dev.sluice.benchmarks.Builtins;
import dev.sluice.benchmarks.Traffic;
import dev.sluice.engine.ProxyEvents;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.Tracing;
import dev.sluice.engine.UpstreamTls;
import dev.sluice.engine.When;
import dev.sluice.engine.builtin.DefaultCookieMerger;
import dev.sluice.engine.exchange.AuthenticatorChain;
import dev.sluice.engine.exchange.Cookies;
import dev.sluice.engine.exchange.PluginCalls;
import dev.sluice.engine.exchange.Policy;
import dev.sluice.engine.exchange.ResolverChain;
import dev.sluice.engine.exchange.Upstreams;
import dev.sluice.engine.http.ForwardedHeaders;
import dev.sluice.engine.http.IdentityHeaders;
import dev.sluice.engine.tls.ClientTls;
import dev.sluice.engine.tls.TlsFileException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The engine between two channels without sockets: one client and one connection to an upstream. */
final class EmbeddedProxy {

    static final Upstream UPSTREAM = Upstream.of("http://127.0.0.1:9000");

    private static final ProxySettings SETTINGS = ProxySettings.defaults()
            .withPool(new ProxySettings.Pool(64, Duration.ofDays(1), Duration.ofDays(1), Integer.MAX_VALUE))
            .withLimits(ofOneConnection(ProxySettings.defaults().limits()));

    private final ConnectionPool pool;
    private final EmbeddedChannel client;
    private final EmbeddedChannel upstream;

    EmbeddedProxy() {
        HttpDecoderConfig decoding = ClientPipeline.decoding(SETTINGS.limits());
        client = new Connected();
        pool = new ConnectionPool(client.eventLoop(), unused(decoding), SETTINGS.pool());
        upstream = new Connected(new UpstreamPipeline(pool, UPSTREAM, null, Duration.ZERO, decoding));
        pool.giveBack(upstream.pipeline().get(UpstreamConnection.class));
        client.pipeline()
                .addLast(new ClientPipeline(
                        new Lanes(List.of(pool), server()), new ClientConnections(1, List.of()), null));
        client.pipeline().fireChannelActive();
    }

    ConnectionPool pool() {
        return pool;
    }

    /** One exchange; answers how many bytes came out at both ends. */
    int exchange(ByteBuf request, ByteBuf reply) {
        client.writeInbound(request);
        int sent = drain(upstream);
        upstream.writeInbound(reply);
        return sent + drain(client);
    }

    void close() {
        client.finishAndReleaseAll();
        upstream.finishAndReleaseAll();
    }

    private static int drain(EmbeddedChannel channel) {
        int bytes = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        return bytes;
    }

    /** It is never closed, however many requests it has carried. */
    private static ProxySettings.Limits ofOneConnection(ProxySettings.Limits usual) {
        return new ProxySettings.Limits(
                1,
                1,
                Integer.MAX_VALUE,
                usual.requestLine(),
                usual.headerBytes(),
                usual.headerCount(),
                usual.pipelined(),
                usual.bodyRate(),
                usual.pluginCalls(),
                usual.exchangesPerUpstream(),
                usual.queuedPerUpstream(),
                usual.connectFailures());
    }

    private static ServerContext server() {
        ForwardedHeaders forwarding = new ForwardedHeaders(List.of());
        Policy policy = new Policy(
                new AuthenticatorChain(List.of(new AuthenticatorChain.Link(When.ALWAYS, Builtins.anonymous()))),
                new ResolverChain(List.of(new ResolverChain.Link("static", When.ALWAYS, Builtins.staticRoutes()))),
                new Cookies(new DefaultCookieMerger(), OwnCookies.of(Set.copyOf(Traffic.OWN_COOKIES))),
                SETTINGS.timeouts(),
                new PluginCalls(1),
                new Upstreams(SETTINGS));
        return new ServerContext(
                SETTINGS,
                policy,
                Traffic.rules(),
                forwarding,
                IdentityHeaders.of(List.of("X-User", "X-User-Email")),
                new ExchangeReport(ProxyEvents.NONE, Tracing.NONE),
                Clock.systemUTC());
    }

    /** Nobody connects here: the only connection is in the pool from the start. */
    private static Connector unused(HttpDecoderConfig decoding) {
        try {
            return new Connector(
                    Transports.of(ProxySettings.Transport.NIO),
                    Runnable::run,
                    new ClientTls(UpstreamTls.DEFAULT),
                    decoding);
        } catch (TlsFileException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Connected extends EmbeddedChannel {

        Connected(ChannelHandler... handlers) {
            super(handlers);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return Traffic.PEER;
        }
    }
}
