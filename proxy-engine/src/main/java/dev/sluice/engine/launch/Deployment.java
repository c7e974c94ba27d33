package dev.sluice.engine.launch;

import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.Assembly;
import dev.sluice.engine.PluginInventory;
import dev.sluice.engine.PluginLoader;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.admin.AdminListener;
import dev.sluice.engine.admin.AdminPage;
import dev.sluice.engine.admin.Metrics;
import dev.sluice.engine.admin.Probes;
import dev.sluice.engine.admin.TunnelsPage;
import dev.sluice.engine.config.AdminConfig;
import dev.sluice.engine.config.ProxyConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running proxy: threads, plugins and the server, started in this order and ended in the reverse one. */
final class Deployment implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Deployment.class);

    /** What closing tunnels may take after the drain's own deadline. */
    private static final long GRACE_SECONDS = 5;

    private final ProxyConfig started;
    private final ProxyRuntime runtime;
    private final Observers observers;
    private final PluginLoader loader;
    private final Set<CompletableFuture<Void>> retiring = ConcurrentHashMap.newKeySet();
    private volatile ProxyConfig config;
    private volatile Assembly assembly;
    private @Nullable ProxyServer server;
    private volatile @Nullable AdminListener admin;
    private volatile boolean serving;
    private boolean closed;

    private Deployment(ProxyConfig config, ProxyRuntime runtime, Observers observers, PluginLoader loader) {
        this.started = config;
        this.runtime = runtime;
        this.observers = observers;
        this.loader = loader;
        this.config = config;
        this.assembly = loader.assemble(config.authenticators(), config.resolvers(), config.cookieMerger());
    }

    /**
     * Starts the threads and makes the plugins.
     *
     * @throws PluginConfigException if a plugin cannot be made; nothing is left running
     */
    static Deployment prepare(ProxyConfig config) {
        ProxyRuntime runtime = startRuntime(config);
        try {
            Observers observers = new Observers(config);
            try {
                return new Deployment(
                        config, runtime, observers, new PluginLoader(PluginInventory.take(), runtime::contextFor));
            } catch (RuntimeException | Error e) {
                observers.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            runtime.close();
            throw e;
        }
    }

    private static ProxyRuntime startRuntime(ProxyConfig config) {
        try {
            return ProxyRuntime.start(config.settings(), Clock.systemUTC());
        } catch (IllegalArgumentException e) {
            throw config.wrong("transport", withoutName("transport", e));
        } catch (UncheckedIOException e) { // a file that was there when the configuration was read
            throw new PluginConfigException(String.valueOf(e.getMessage()));
        }
    }

    /** The engine names the setting, and so does the complaint about the key. */
    private static String withoutName(String name, Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("^" + name + ": ", "");
    }

    Assembly assembly() {
        return assembly;
    }

    /** What the proxy was started with. */
    ProxyConfig started() {
        return started;
    }

    /** What is in force, as far as it can be without a restart. */
    ProxyConfig config() {
        return config;
    }

    /** @throws PluginConfigException if an address cannot be listened on */
    synchronized void start() {
        try {
            server = builder(config, assembly).start();
        } catch (IOException e) {
            throw config.wrong("listen.port", withoutName("listen", e));
        }
        serving = true;
        config.admin().ifPresent(this::startAdmin);
    }

    private ProxyServer.Builder builder(ProxyConfig from, Assembly plugins) {
        ProxyServer.Builder builder = ProxyServer.builder(runtime)
                .settings(started.settings().withTimeouts(from.settings().timeouts()))
                .events(observers.events())
                .tracing(observers.tracing())
                .cookieMerger(plugins.cookieMerger());
        from.ambiguousPathGuard().ifPresent(builder::authenticator);
        plugins.authenticators()
                .forEach(
                        entry -> builder.authenticator(entry.when(), observers.overhear(entry.name(), entry.plugin())));
        plugins.resolvers()
                .forEach(entry ->
                        builder.resolver(entry.name(), entry.when(), observers.overhear(entry.name(), entry.plugin())));
        return builder;
    }

    /**
     * Puts {@code next} in force for what begins from now on: plugins and time-outs. Plugins that are not
     * in it are closed when the last exchange has ended that began before, tunnels included.
     *
     * @throws PluginConfigException if a plugin cannot be made; nothing has changed then
     */
    synchronized void reload(ProxyConfig next) {
        ProxyServer running = server;
        if (running == null || !serving) {
            throw new PluginConfigException("the proxy is shutting down");
        }
        Assembly former = assembly;
        Assembly made = loader.reassemble(former, next.authenticators(), next.resolvers(), next.cookieMerger());
        try {
            CompletionStage<Void> unused = running.reconfigure(builder(next, made));
            retiring.removeIf(CompletableFuture::isDone);
            retiring.add(unused.thenRunAsync(former::close, Deployment::apart).toCompletableFuture());
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        assembly = made;
        config = next;
    }

    /** How many earlier configurations are still in use by exchanges. */
    int retiring() {
        retiring.removeIf(CompletableFuture::isDone);
        return retiring.size();
    }

    /** A plugin may take its time to close, and an event loop has none. */
    private static void apart(Runnable task) {
        Thread thread = new Thread(task, "sluice-retire");
        thread.setDaemon(true);
        thread.start();
    }

    private void startAdmin(AdminConfig wanted) {
        ProxyServer running = Objects.requireNonNull(server);
        Map<String, AdminPage> pages = new HashMap<>();
        pages.put("/livez", Probes.LIVE);
        pages.put("/readyz", Probes.ready(this::obstacles));
        pages.put("/tunnels", new TunnelsPage(running));
        Metrics metrics = observers.metricsOf(runtime, running);
        if (metrics != null) {
            metrics.gauge("sluice.configurations.former", "earlier ones that exchanges run under", this::retiring);
            pages.put("/metrics", metrics);
        }
        try {
            admin = AdminListener.start(wanted.listen(), pages);
        } catch (IOException e) {
            throw config.wrong("admin.port", withoutName("admin", e));
        }
    }

    /** Why no request should be sent here; empty if requests should. */
    private List<String> obstacles() {
        return serving ? assembly.obstacles() : List.of("the proxy is shutting down");
    }

    synchronized InetSocketAddress address() {
        return Objects.requireNonNull(server, "server").address();
    }

    Optional<InetSocketAddress> adminAddress() {
        return Optional.ofNullable(admin).map(AdminListener::address);
    }

    /** Refuses new work, waits until what runs is done or the deadline for it has passed, and ends everything. */
    synchronized void drain() {
        if (closed || server == null) {
            return;
        }
        serving = false;
        long seconds = config.settings().timeouts().drain().toSeconds() + GRACE_SECONDS;
        try {
            server.drain().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The drain ended early", e);
        }
        close();
    }

    /** Ends everything at once. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (server != null) {
            server.close();
        }
        AdminListener listener = admin;
        if (listener != null) {
            listener.close();
        }
        awaitRetired();
        assembly.close();
        observers.close();
        runtime.close();
    }

    /** No exchange is left, so nothing keeps the plugins of earlier configurations but their own closing. */
    private void awaitRetired() {
        try {
            CompletableFuture.allOf(retiring.toArray(CompletableFuture[]::new)).get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("Plugins of an earlier configuration were not closed in time", e);
        }
    }
}
