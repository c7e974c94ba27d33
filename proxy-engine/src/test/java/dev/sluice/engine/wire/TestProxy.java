package dev.sluice.engine.wire;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.LoopTasks;
import dev.sluice.engine.ProxyEvents;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A proxy on a free port, with what a wire test needs to say and see. */
final class TestProxy implements AutoCloseable {

    /** How one exchange ended. */
    record Ended(ProxyRequest request, int status, ProxyFailure.@Nullable Kind failure, boolean committed) {
        static Ended of(ExchangeEnded exchange) {
            ProxyFailure failure = exchange.failure();
            return new Ended(
                    exchange.request(),
                    exchange.status(),
                    failure == null ? null : failure.kind(),
                    failure != null && failure.committed());
        }
    }

    static final Authenticator ANYBODY =
            request -> CompletableFuture.completedFuture(AuthDecision.proceed(Identity.ANONYMOUS));

    private final ProxyRuntime runtime;
    private final ProxyServer server;
    private final BlockingQueue<ExchangeEnded> ended = new LinkedBlockingQueue<>();
    final List<String> refused = new ArrayList<>();

    private TestProxy(ProxySettings settings, Clock clock, Consumer<ProxyServer.Builder> plugins) {
        runtime = ProxyRuntime.start(settings, clock);
        try {
            server = builder(plugins).start();
        } catch (IOException e) {
            runtime.close();
            throw new UncheckedIOException(e);
        }
    }

    private ProxyServer.Builder builder(Consumer<ProxyServer.Builder> plugins) {
        ProxyServer.Builder builder = ProxyServer.builder(runtime).events(new ProxyEvents() {
            @Override
            public void exchangeEnded(ExchangeEnded exchange) {
                ended.add(exchange);
            }

            @Override
            public void requestRefused(InetAddress client, int status, String reason) {
                synchronized (refused) {
                    refused.add(status + " " + reason);
                }
            }
        });
        plugins.accept(builder);
        return builder;
    }

    /** Lets everybody pass, to one upstream. */
    static TestProxy to(Upstream upstream) {
        return to(upstream, settings -> settings);
    }

    static TestProxy to(Upstream upstream, UnaryOperator<ProxySettings> settings) {
        RouteDecision.Forward forward = RouteDecision.forward(upstream);
        return with(settings, builder -> builder.authenticator(ANYBODY).resolver(always(forward)));
    }

    static TestProxy with(UnaryOperator<ProxySettings> settings, Consumer<ProxyServer.Builder> plugins) {
        return with(settings, Clock.systemUTC(), plugins);
    }

    static TestProxy with(UnaryOperator<ProxySettings> settings, Clock clock, Consumer<ProxyServer.Builder> plugins) {
        ProxySettings base = ProxySettings.defaults().withListen(new InetSocketAddress("127.0.0.1", 0));
        return new TestProxy(settings.apply(base), clock, plugins);
    }

    static RouteResolver always(RouteDecision decision) {
        return request -> CompletableFuture.completedFuture(decision);
    }

    /** Goes on with other plugins. */
    void reconfigure(Consumer<ProxyServer.Builder> plugins) {
        server.reconfigure(builder(plugins));
    }

    /** The status of each refused request, with the reason. */
    List<String> refusals() {
        synchronized (refused) {
            return List.copyOf(refused);
        }
    }

    void refreshCertificates() {
        runtime.refreshCertificates();
    }

    Map<Upstream, Boolean> probedUpstreams() {
        return runtime.probedUpstreams();
    }

    /** How many tasks the event loops have still to do, now or later. */
    int pendingTasks() {
        return LoopTasks.pending(runtime);
    }

    InetSocketAddress address() {
        return server.address();
    }

    ProxyServer server() {
        return server;
    }

    RawClient connect() {
        return RawClient.connect(address());
    }

    /** The next exchange that ends. */
    Ended awaitEnded() {
        return Ended.of(awaitExchange());
    }

    /** As {@link #awaitEnded}, with all that is known. */
    ExchangeEnded awaitExchange() {
        try {
            ExchangeEnded next = ended.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no exchange ended in 10 s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All exchanges that have ended and that no test has asked for, which are then forgotten. */
    List<Ended> takeEnded() {
        List<ExchangeEnded> all = new ArrayList<>();
        ended.drainTo(all);
        return all.stream().map(Ended::of).toList();
    }

    /** Whether an exchange ends within {@code time}, or has ended that no test has asked for. */
    boolean endsWithin(Duration time) {
        try {
            ExchangeEnded next = ended.poll(time.toMillis(), TimeUnit.MILLISECONDS);
            return next != null && ended.add(next);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether some exchange has ended that no test has asked for. */
    boolean nothingElseEnded() {
        return ended.isEmpty();
    }

    /** Clients that have just been closed are noticed first: otherwise a tunnel's upstream would be told of the stop. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (server.openConnections() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        server.close();
        runtime.close();
    }
}
