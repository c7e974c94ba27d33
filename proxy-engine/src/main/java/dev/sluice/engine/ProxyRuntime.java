package dev.sluice.engine;

import dev.sluice.api.Upstream;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.engine.exchange.PluginCalls;
import dev.sluice.engine.exchange.Upstreams;
import dev.sluice.engine.netty.EventLoops;
import dev.sluice.engine.netty.Transports;
import dev.sluice.engine.tls.ClientTls;
import dev.sluice.engine.tls.ServerTls;
import dev.sluice.engine.tls.TlsFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a proxy, and what it gives to plugins. Started before the plugins are made, and closed after them.
 */
public final class ProxyRuntime implements AutoCloseable {

    /** Beyond this a call waits for a thread; beyond the queue it is rejected, which fails the request closed. */
    private static final int BLOCKING_THREADS = 32;

    private static final int BLOCKING_QUEUE = 1000;

    /** How often files of certificates are looked at. */
    private static final int CHECK_SECONDS = 5;

    private final ProxySettings settings;
    private final Clock clock;
    private final ExecutorService blocking;
    private final ScheduledThreadPoolExecutor timer;
    private final @Nullable ServerTls serverTls;
    private final ClientTls clientTls;
    private final EventLoops loops;
    private final PluginCalls pluginCalls;
    private final Upstreams upstreams;
    private final HttpCalls http;

    private ProxyRuntime(ProxySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        try {
            Optional<ListenTls> listenTls = settings.listen().tls();
            this.serverTls = listenTls.isPresent() ? new ServerTls(listenTls.get()) : null;
            this.clientTls = new ClientTls(settings.upstreamTls());
        } catch (TlsFileException e) {
            throw new UncheckedIOException(e.getMessage(), new IOException(e));
        }
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                BLOCKING_THREADS,
                BLOCKING_THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(BLOCKING_QUEUE),
                daemons("sluice-blocking"));
        threads.allowCoreThreadTimeOut(true);
        this.blocking = threads;
        this.timer = new ScheduledThreadPoolExecutor(1, daemons("sluice-timer"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.loops = new EventLoops(Transports.of(settings.transport()), settings, clientTls, blocking);
        this.http = loops.httpCalls();
        this.pluginCalls = new PluginCalls(settings.limits().pluginCalls());
        this.upstreams = new Upstreams(settings);
        this.timer.scheduleWithFixedDelay(
                () -> blocking.execute(this::refreshCertificates), CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Starts the threads; {@code settings} is what the server on top is to be set to.
     *
     * @throws UncheckedIOException if a file of keys or certificates cannot be used, with the file and the reason
     */
    public static ProxyRuntime start(ProxySettings settings, Clock clock) {
        return new ProxyRuntime(settings, clock);
    }

    /** As {@link #start(ProxySettings, Clock)}, by the system's clock. */
    public static ProxyRuntime start(ProxySettings settings) {
        return start(settings, Clock.systemUTC());
    }

    /** What a plugin with this configuration is given. */
    public PluginContext contextFor(PluginConfig config) {
        return new Context(config, http, blocking, timer, clock);
    }

    /**
     * Reads keys and certificates anew if their files have changed, as is done every few seconds: new connections use them.
     * Files that cannot be used change nothing, and are logged. Blocks.
     */
    public void refreshCertificates() {
        if (serverTls != null) {
            serverTls.refresh();
        }
        clientTls.refresh();
    }

    /** How many connections to upstreams there are, those of plugins' calls included; a little late. */
    public int openUpstreamConnections() {
        return loops.openUpstreamConnections();
    }

    /** How many of them carry nothing at the moment; a little late. */
    public int idleUpstreamConnections() {
        return loops.idleUpstreamConnections();
    }

    /** How many exchanges wait for their upstream to have less to do. */
    public int waitingForUpstream() {
        return upstreams.waiting();
    }

    /** How many exchanges wait for a plugin's answer. */
    public int openPluginCalls() {
        return pluginCalls.open();
    }

    /** The upstreams that are probed, and whether each is up. */
    public Map<Upstream, Boolean> probedUpstreams() {
        return upstreams.probed();
    }

    @Nullable
    ServerTls serverTls() {
        return serverTls;
    }

    ProxySettings settings() {
        return settings;
    }

    Clock clock() {
        return clock;
    }

    /** Those of all servers on these threads, before and after a change of plugins. */
    PluginCalls pluginCalls() {
        return pluginCalls;
    }

    /** As {@link #pluginCalls}. */
    Upstreams upstreams() {
        return upstreams;
    }

    EventLoops loops() {
        return loops;
    }

    /** Stops the threads. Blocks until they have ended, for at most a few seconds. */
    @Override
    public void close() {
        timer.shutdownNow();
        blocking.shutdownNow();
        loops.stop().toCompletableFuture().join();
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private record Context(
            PluginConfig config, HttpCalls http, Executor blocking, ScheduledExecutorService timer, Clock clock)
            implements PluginContext {}
}
