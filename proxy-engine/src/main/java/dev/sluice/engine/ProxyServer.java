package dev.sluice.engine;

import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.Probe;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.builtin.DefaultCookieMerger;
import dev.sluice.engine.exchange.AuthenticatorChain;
import dev.sluice.engine.exchange.Cookies;
import dev.sluice.engine.exchange.Policy;
import dev.sluice.engine.exchange.ResolverChain;
import dev.sluice.engine.http.ForwardedHeaders;
import dev.sluice.engine.http.IdentityHeaders;
import dev.sluice.engine.http.RequestRules;
import dev.sluice.engine.netty.AcceptLimit;
import dev.sluice.engine.netty.ClientConnections;
import dev.sluice.engine.netty.EventLoops;
import dev.sluice.engine.netty.ExchangeReport;
import dev.sluice.engine.netty.Lanes;
import dev.sluice.engine.netty.ServerContext;
import dev.sluice.engine.netty.UpstreamProbes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A running proxy. It uses the plugins that it is given and does not close them: who made them does, after the server has
 * ended.
 */
public final class ProxyServer implements AutoCloseable {

    private final Channel listener;
    private final ClientConnections connections;
    private final Lanes lanes;
    private final UpstreamProbes probes;
    private volatile ProxySettings settings;

    private ProxyServer(
            Channel listener,
            ClientConnections connections,
            Lanes lanes,
            UpstreamProbes probes,
            ProxySettings settings) {
        this.listener = listener;
        this.connections = connections;
        this.lanes = lanes;
        this.probes = probes;
        this.settings = settings;
    }

    /** Starts to assemble a proxy on the threads of {@code runtime}. */
    public static Builder builder(ProxyRuntime runtime) {
        return new Builder(runtime);
    }

    /** Where clients connect. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** How many connections of clients are open. */
    public int openConnections() {
        return connections.size();
    }

    /** How many connections of clients have been refused for this reason. */
    public long refusedConnections(Refusal why) {
        return connections.refusals(why);
    }

    /** How often accepting has stopped since as many were open as may be; who comes then waits. */
    public long acceptPauses() {
        return connections.acceptPauses();
    }

    /** How many of them are tunnels. */
    public int openTunnels() {
        return connections.tunnels();
    }

    /** The tunnels that are open, no more than {@code most} of them, in no order. */
    public List<LiveTunnel> tunnels(int most) {
        return connections.tunnels(most);
    }

    /**
     * Goes on with what {@code next} has collected, on the same address and with the same connections: every request that
     * begins after this has returned is served by its plugins and time-outs. What is under way, tunnels included, ends under what
     * it began under. Blocks for a moment; not to be called on an event loop.
     *
     * @return completes, on an event loop, when the last exchange has ended that began before: then the plugins that are
     *     not in {@code next} may be closed
     * @throws IllegalStateException without an authenticator or without a resolver; nothing has changed then
     */
    public CompletionStage<Void> reconfigure(Builder next) {
        Set<Probe> wanted = next.probes();
        CompletionStage<Void> unused = lanes.replace(next.context());
        probes.replace(wanted);
        settings = next.settings;
        return unused;
    }

    /**
     * Refuses new connections, closes idle ones, lets exchanges finish, and closes tunnels with 1001. Completes when all
     * have ended; what has not by the drain deadline is cut off.
     */
    public CompletionStage<Void> drain() {
        CompletableFuture<Void> unbound = new CompletableFuture<>();
        listener.close().addListener(closed -> unbound.complete(null));
        CompletableFuture<Void> done = CompletableFuture.allOf(
                unbound, connections.drain().toCompletableFuture(), probes.end().toCompletableFuture());
        var cut = listener.eventLoop()
                .schedule(connections::abort, settings.timeouts().drain().toMillis(), TimeUnit.MILLISECONDS);
        done.whenComplete((nothing, failure) -> cut.cancel(false));
        return done;
    }

    /** Ends everything at once. Blocks until the last connection is closed. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        probes.end().toCompletableFuture().join();
        connections.abort().toCompletableFuture().join();
    }

    /** Collects what a proxy is made of. */
    public static final class Builder {
        private final ProxyRuntime runtime;
        private final List<AuthenticatorChain.Link> authenticators = new ArrayList<>();
        private final List<ResolverChain.Link> resolvers = new ArrayList<>();
        private CookieMerger cookieMerger = new DefaultCookieMerger();
        private ProxyEvents events = ProxyEvents.NONE;
        private Tracing tracing = Tracing.NONE;
        private ProxySettings settings;

        private Builder(ProxyRuntime runtime) {
            this.runtime = runtime;
            this.settings = runtime.settings();
        }

        /** Asks {@code authenticator} about every request, after those added before. */
        public Builder authenticator(Authenticator authenticator) {
            return authenticator(When.ALWAYS, authenticator);
        }

        /** Asks {@code authenticator} about requests that match {@code when}, after those added before. */
        public Builder authenticator(When when, Authenticator authenticator) {
            authenticators.add(new AuthenticatorChain.Link(when, authenticator));
            return this;
        }

        /** Asks {@code resolver} about every request, after those added before. */
        public Builder resolver(RouteResolver resolver) {
            return resolver(When.ALWAYS, resolver);
        }

        /** Asks {@code resolver} about requests that match {@code when}, after those added before. */
        public Builder resolver(When when, RouteResolver resolver) {
            return resolver("resolver", when, resolver);
        }

        /** As {@link #resolver(When, RouteResolver)}, with a name by which observers know what it decided. */
        public Builder resolver(String name, When when, RouteResolver resolver) {
            resolvers.add(new ResolverChain.Link(name, when, resolver));
            return this;
        }

        /** Merges cookies with {@code cookieMerger} in place of the default one. */
        public Builder cookieMerger(CookieMerger cookieMerger) {
            this.cookieMerger = cookieMerger;
            return this;
        }

        /** Sets the proxy otherwise than the runtime, where the two need not agree: in its time-outs. */
        public Builder settings(ProxySettings settings) {
            this.settings = settings;
            return this;
        }

        public Builder events(ProxyEvents events) {
            this.events = events;
            return this;
        }

        /** Follows exchanges with {@code tracing}. */
        public Builder tracing(Tracing tracing) {
            this.tracing = tracing;
            return this;
        }

        /**
         * Binds the address and serves.
         *
         * @throws IOException if the address cannot be bound, with the address in the message
         * @throws IllegalStateException without an authenticator or without a resolver
         */
        public ProxyServer start() throws IOException {
            ServerContext server = context();
            Lanes lanes = runtime.loops().lanes(server);
            ClientConnections connections =
                    new ClientConnections(settings.limits().connectionsPerAddress(), settings.trustedProxies());
            UpstreamProbes probes = runtime.loops().probes(runtime.upstreams());
            Set<Probe> wanted = probes();
            ProxyServer started = new ProxyServer(bind(lanes, connections), connections, lanes, probes, settings);
            probes.replace(wanted);
            return started;
        }

        private Set<Probe> probes() {
            Set<Probe> all = new HashSet<>();
            resolvers.forEach(link -> all.addAll(link.resolver().probes()));
            return all;
        }

        private ServerContext context() {
            if (authenticators.isEmpty() || resolvers.isEmpty()) {
                throw new IllegalStateException("authenticators: " + authenticators.size() + ", resolvers: "
                        + resolvers.size() + " (expected: at least one of each)");
            }
            ForwardedHeaders forwarding = new ForwardedHeaders(settings.trustedProxies());
            Set<String> identityHeaders = new HashSet<>();
            Set<String> ownCookies = new HashSet<>();
            authenticators.forEach(link -> {
                identityHeaders.addAll(link.authenticator().identityHeaders());
                ownCookies.addAll(link.authenticator().ownCookies());
            });
            Policy policy = new Policy(
                    new AuthenticatorChain(authenticators),
                    new ResolverChain(resolvers),
                    new Cookies(cookieMerger, OwnCookies.of(ownCookies)),
                    settings.timeouts(),
                    runtime.pluginCalls(),
                    runtime.upstreams());
            return new ServerContext(
                    settings,
                    policy,
                    new RequestRules(settings.limits(), forwarding),
                    forwarding,
                    IdentityHeaders.of(identityHeaders),
                    new ExchangeReport(events, tracing),
                    runtime.clock());
        }

        private Channel bind(Lanes lanes, ClientConnections connections) throws IOException {
            EventLoops loops = runtime.loops();
            InetSocketAddress address = settings.listen().address();
            ChannelFuture bound = new ServerBootstrap()
                    .group(loops.group())
                    .channel(loops.transports().serverChannel())
                    .option(ChannelOption.SO_BACKLOG, 4096)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .handler(new AcceptLimit(settings.limits().connections(), connections::acceptPaused))
                    .childOption(ChannelOption.ALLOCATOR, EventLoops.allocator())
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR, EventLoops.readSize())
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, EventLoops.waterMark())
                    .childHandler(loops.clientPipeline(lanes, connections, runtime.serverTls()))
                    .bind(address)
                    .awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            String where = address.getHostString() + ":" + address.getPort();
            BindException failure = new BindException("listen: " + where + " cannot be bound: "
                    + bound.cause().getMessage() + " (expected: a free port on an address of this host)");
            failure.initCause(bound.cause());
            throw failure;
        }
    }
}
