package dev.sluice.engine.launch;

import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.Assembly;
import dev.sluice.engine.PluginInventory;
import dev.sluice.engine.PluginLoader;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.admin.AdminListener;
import dev.sluice.engine.admin.AdminPage;
import dev.sluice.engine.admin.Probes;
import dev.sluice.engine.config.AdminConfig;
import dev.sluice.engine.config.ProxyConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    private final ProxyConfig config;
    private final ProxyRuntime runtime;
    private final Assembly assembly;
    private @Nullable ProxyServer server;
    private volatile @Nullable AdminListener admin;
    private volatile boolean serving;
    private boolean closed;

    private Deployment(ProxyConfig config, ProxyRuntime runtime, Assembly assembly) {
        this.config = config;
        this.runtime = runtime;
        this.assembly = assembly;
    }

    /**
     * Starts the threads and makes the plugins.
     *
     * @throws PluginConfigException if a plugin cannot be made; nothing is left running
     */
    static Deployment prepare(ProxyConfig config) {
        ProxyRuntime runtime = startRuntime(config);
        try {
            PluginLoader loader = new PluginLoader(PluginInventory.take(), runtime::contextFor);
            return new Deployment(
                    config,
                    runtime,
                    loader.assemble(config.authenticators(), config.resolvers(), config.cookieMerger()));
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
        }
    }

    /** The engine names the setting, and so does the complaint about the key. */
    private static String withoutName(String name, Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("^" + name + ": ", "");
    }

    Assembly assembly() {
        return assembly;
    }

    /** @throws PluginConfigException if the address cannot be listened on */
    synchronized void start() {
        ProxyServer.Builder builder = ProxyServer.builder(runtime).cookieMerger(assembly.cookieMerger());
        config.ambiguousPathGuard().ifPresent(builder::authenticator);
        assembly.authenticators().forEach(entry -> builder.authenticator(entry.when(), entry.plugin()));
        assembly.resolvers().forEach(entry -> builder.resolver(entry.name(), entry.when(), entry.plugin()));
        try {
            server = builder.start();
        } catch (IOException e) {
            throw config.wrong("listen.port", withoutName("listen", e));
        }
        serving = true;
        config.admin().ifPresent(this::startAdmin);
    }

    private void startAdmin(AdminConfig wanted) {
        Map<String, AdminPage> pages = Map.of("/livez", Probes.LIVE, "/readyz", Probes.ready(this::obstacles));
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
        assembly.close();
        runtime.close();
    }
}
