package dev.sluice.engine.netty;

import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.exchange.UpstreamPool;
import dev.sluice.engine.exchange.UpstreamSide;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The idle connections of one event loop, by upstream. The one used last is used again first, so that those which are not
 * needed grow old. Confined to its loop.
 */
final class ConnectionPool implements UpstreamPool {

    private final EventLoop loop;
    private final Connector connector;
    private final ProxySettings.Pool settings;
    private final Map<Upstream, ArrayDeque<UpstreamConnection>> idle = new HashMap<>();
    private boolean sweeping;
    private boolean closed;

    ConnectionPool(EventLoop loop, Connector connector, ProxySettings.Pool settings) {
        this.loop = loop;
        this.connector = connector;
        this.settings = settings;
    }

    EventLoop loop() {
        return loop;
    }

    @Override
    public CompletionStage<UpstreamSide> acquire(Upstream upstream, boolean fresh, Duration limit) {
        ArrayDeque<UpstreamConnection> waiting = fresh ? null : idle.get(upstream);
        long now = System.nanoTime();
        while (waiting != null && !waiting.isEmpty()) {
            UpstreamConnection connection = waiting.pollLast();
            if (connection.usable(now, settings.age().toNanos(), settings.requests())) {
                return connection.asAnswer();
            }
            connection.discard();
        }
        return connector.connect(this, upstream, limit);
    }

    void giveBack(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> waiting = idle.computeIfAbsent(connection.upstream(), u -> new ArrayDeque<>());
        if (closed || waiting.size() >= settings.idlePerUpstream()) {
            connection.discard();
            return;
        }
        waiting.addLast(connection);
        if (!sweeping) {
            sweeping = true;
            sweepLater();
        }
    }

    void forget(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> waiting = idle.get(connection.upstream());
        if (waiting != null) {
            waiting.remove(connection);
        }
    }

    /** Closes what is idle, and whatever is given back from now on. */
    void close() {
        closed = true;
        for (ArrayDeque<UpstreamConnection> waiting : idle.values()) {
            while (!waiting.isEmpty()) {
                waiting.pollLast().discard();
            }
        }
        idle.clear();
    }

    private void sweepLater() {
        long period = Math.max(10, Math.min(1000, settings.idle().toMillis() / 2));
        loop.schedule(this::sweep, period, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        long now = System.nanoTime();
        idle.values().removeIf(waiting -> {
            while (!waiting.isEmpty()
                    && now - waiting.peekFirst().idleSince() >= settings.idle().toNanos()) {
                waiting.pollFirst().discard();
            }
            return waiting.isEmpty();
        });
        sweeping = !idle.isEmpty();
        if (sweeping) {
            sweepLater();
        }
    }
}
