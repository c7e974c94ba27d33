package dev.sluice.engine.admin;

import dev.sluice.api.ProxyFailure;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.ProxyEvents;
import dev.sluice.engine.netty.EventLoops;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Figures for Prometheus, by way of Micrometer: this is the one class that needs its jars. Every label has as many values as
 * the configuration has names, or HTTP has status codes: clients and upstreams cannot make new ones.
 */
public final class Metrics implements ProxyEvents, PluginTimes, AdminPage, AutoCloseable {

    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Ended, Counter> ended = new ConcurrentHashMap<>();
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final Map<Called, Timer> calls = new ConcurrentHashMap<>();

    /** Gauges whose labels' values come and go. */
    private final Queue<Runnable> refreshed = new ConcurrentLinkedQueue<>();

    /** Micrometer refers to what it asks weakly: nobody else may keep these. */
    private final Queue<LongSupplier> asked = new ConcurrentLinkedQueue<>();

    private record Ended(String route, int status, ProxyFailure.@Nullable Kind failure) {}

    private record Called(String plugin, boolean failed) {}

    /** What is known of all exchanges of one route. */
    private record Route(
            Timer authenticate,
            Timer route,
            Timer connect,
            Timer firstByte,
            Timer total,
            Counter fromClient,
            Counter toClient) {}

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        if (EventLoops.allocator() instanceof ByteBufAllocatorMetricProvider allocator) {
            new NettyAllocatorMetrics(allocator).bindTo(registry);
        }
    }

    /** A figure that goes up and down, asked for at each scrape. */
    public void gauge(String name, String help, LongSupplier value) {
        asked.add(value);
        Gauge.builder(name, value, LongSupplier::getAsLong).description(help).register(registry);
    }

    /** As {@link #gauge}, a figure for each value that {@code label} has at the time. */
    public void gauges(String name, String help, String label, Supplier<Map<String, Integer>> values) {
        MultiGauge gauges = MultiGauge.builder(name).description(help).register(registry);
        refreshed.add(() -> gauges.register(
                values.get().entrySet().stream()
                        .map(row -> MultiGauge.Row.of(Tags.of(label, row.getKey()), row.getValue()))
                        .collect(Collectors.<MultiGauge.Row<?>>toList()),
                true));
    }

    /** A figure that only goes up, asked for at each scrape. */
    public void count(String name, String help, LongSupplier value) {
        count(name, help, Tags.empty(), value);
    }

    /** As {@link #count(String, String, LongSupplier)}, of what {@code label} has as its value. */
    public void count(String name, String help, String label, Enum<?> labelled, LongSupplier value) {
        count(name, help, Tags.of(label, Labels.lower(labelled)), value);
    }

    private void count(String name, String help, Tags tags, LongSupplier value) {
        asked.add(value);
        FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                .description(help)
                .tags(tags)
                .register(registry);
    }

    @Override
    public void exchangeEnded(ExchangeEnded exchange) {
        String name = Labels.route(exchange.route());
        ProxyFailure failure = exchange.failure();
        ended.computeIfAbsent(
                        new Ended(name, exchange.status(), failure == null ? null : failure.kind()), this::counter)
                .increment();
        Route route = routes.computeIfAbsent(name, this::route);
        ExchangeEnded.Nanos took = exchange.nanos();
        record(route.authenticate, took.authenticate());
        record(route.route, took.route());
        record(route.connect, took.connect());
        record(route.firstByte, took.firstByte());
        if (exchange.status() != 101) {
            record(route.total, took.total()); // how long a tunnel lasts says nothing about the proxy
        }
        route.fromClient.increment(exchange.fromClient());
        route.toClient.increment(exchange.toClient());
    }

    private static void record(Timer timer, long nanos) {
        if (nanos > 0) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void requestRefused(InetAddress client, int status, String reason) {
        registry.counter("sluice.requests.refused", "status", Labels.status(status))
                .increment();
    }

    @Override
    public void called(String plugin, boolean failed, long nanos) {
        calls.computeIfAbsent(new Called(plugin, failed), this::calls).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Answer show() {
        refreshed.forEach(Runnable::run);
        return new Answer(200, TYPE, registry.scrape());
    }

    @Override
    public void close() {
        registry.close();
    }

    private Counter counter(Ended key) {
        ProxyFailure.Kind failure = key.failure();
        return Counter.builder("sluice.exchanges")
                .description("exchanges that have ended")
                .tag("route", key.route())
                .tag("status", Labels.status(key.status()))
                .tag("outcome", Labels.outcome(failure))
                .tag("culprit", Labels.culprit(failure))
                .register(registry);
    }

    private Route route(String name) {
        return new Route(
                phase(name, "authenticate"),
                phase(name, "route"),
                phase(name, "connect"),
                phase(name, "first_byte"),
                phase(name, "total"),
                bytes(name, "from_client"),
                bytes(name, "to_client"));
    }

    private Timer phase(String route, String phase) {
        return Timer.builder("sluice.exchange.duration")
                .description("how long the phases of exchanges took; tunnels have no total")
                .tag("route", route)
                .tag("phase", phase)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter bytes(String route, String direction) {
        return Counter.builder("sluice.bytes")
                .description("bytes of bodies and tunnels, when their exchange has ended")
                .tag("route", route)
                .tag("direction", direction)
                .register(registry);
    }

    private Timer calls(Called key) {
        return Timer.builder("sluice.plugin.calls")
                .description("calls of plugins, answered or failed")
                .tag("plugin", key.plugin())
                .tag("failed", Boolean.toString(key.failed()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
