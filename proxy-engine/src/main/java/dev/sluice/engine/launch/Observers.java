package dev.sluice.engine.launch;

import dev.sluice.api.Authenticator;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.ProxyEvents;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.Refusal;
import dev.sluice.engine.Tracing;
import dev.sluice.engine.access.AccessFormat;
import dev.sluice.engine.access.AccessLog;
import dev.sluice.engine.admin.Metrics;
import dev.sluice.engine.config.ProxyConfig;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who hears of a deployment's exchanges, as far as its file asks for it: the access log, the metrics, the spans. */
final class Observers implements AutoCloseable {

    private final @Nullable AccessLog accessLog;
    private final @Nullable Metrics metrics;
    private final @Nullable Spans spans;

    Observers(ProxyConfig config) {
        this.metrics = config.admin().filter(admin -> admin.metrics()).isPresent() ? metrics(config) : null;
        this.accessLog =
                config.accessLog().map(format -> accessLog(config, format)).orElse(null);
        this.spans = config.tracing() ? Spans.start(config) : null;
        if (metrics != null && accessLog != null) {
            metrics.count("sluice.access.log.dropped", "lines that could not be written", accessLog::dropped);
        }
    }

    private static Metrics metrics(ProxyConfig config) {
        try {
            return new Metrics();
        } catch (NoClassDefFoundError e) {
            throw config.wrong(
                    "admin.metrics",
                    "true, but Micrometer is not there (expected: "
                            + "micrometer-registry-prometheus and what it needs among the jars)");
        }
    }

    private static AccessLog accessLog(ProxyConfig config, AccessFormat format) {
        try {
            return AccessLog.start(format, Clock.systemUTC());
        } catch (IllegalStateException e) {
            throw config.wrong("access-log", String.valueOf(e.getMessage()));
        }
    }

    /** To be told of exchanges. */
    ProxyEvents events() {
        if (accessLog == null || metrics == null) {
            return accessLog != null ? accessLog : metrics != null ? metrics : ProxyEvents.NONE;
        }
        return accessLog.and(metrics);
    }

    /** To follow exchanges. */
    Tracing tracing() {
        return spans == null ? Tracing.NONE : spans.tracing();
    }

    Authenticator overhear(String name, Authenticator authenticator) {
        return metrics == null ? authenticator : metrics.overhear(name, authenticator);
    }

    RouteResolver overhear(String name, RouteResolver resolver) {
        return metrics == null ? resolver : metrics.overhear(name, resolver);
    }

    /** The page of figures, to which those of {@code runtime} and {@code server} are added; null if nobody asked for it. */
    @Nullable
    Metrics metricsOf(ProxyRuntime runtime, ProxyServer server) {
        if (metrics != null) {
            metrics.gauge("sluice.connections.open", "connections of clients", server::openConnections);
            for (Refusal why : Refusal.values()) {
                metrics.count(
                        "sluice.connections.refused",
                        "connections of clients closed before a request",
                        "reason",
                        why,
                        () -> server.refusedConnections(why));
            }
            metrics.count("sluice.accept.pauses", "times that accepting stopped", server::acceptPauses);
            metrics.gauge("sluice.tunnels.open", "connections that have become tunnels", server::openTunnels);
            metrics.gauge("sluice.plugin.calls.open", "plugin calls not answered yet", runtime::openPluginCalls);
            metrics.gauge(
                    "sluice.upstream.waiting", "exchanges waiting for a busy upstream", runtime::waitingForUpstream);
            metrics.gauge(
                    "sluice.upstream.connections.open", "connections to upstreams", runtime::openUpstreamConnections);
            metrics.gauge(
                    "sluice.upstream.connections.idle",
                    "connections to upstreams that carry nothing",
                    runtime::idleUpstreamConnections);
            metrics.gauges("sluice.upstream.up", "1 for a probed upstream that is up", "upstream", () -> up(runtime));
        }
        return metrics;
    }

    private static Map<String, Integer> up(ProxyRuntime runtime) {
        return runtime.probedUpstreams().entrySet().stream()
                .collect(Collectors.toMap(row -> row.getKey().toString(), row -> row.getValue() ? 1 : 0));
    }

    @Override
    public void close() {
        if (accessLog != null) {
            accessLog.close();
        }
        if (metrics != null) {
            metrics.close();
        }
        if (spans != null) {
            spans.close();
        }
    }
}
