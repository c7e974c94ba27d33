package dev.sluice.engine.netty;

import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.exchange.UpstreamPool;
import dev.sluice.engine.exchange.UpstreamSide;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The idle connections of one event loop, by upstream. The one used last is used again first, so that those which are not
 * needed grow old. Confined to its loop.
 */
final class ConnectionPool implements UpstreamPool {

    private final EventLoop loop;
    private final Connector connector;
    private final ProxySettings.Pool settings;
    private final Map<Upstream, ArrayDeque<UpstreamConnection>> idle = new HashMap<>();
    private final AtomicInteger openCount = new AtomicInteger();
    private final AtomicInteger idleCount = new AtomicInteger();
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

    /** How many connections there are; asked on any thread. */
    int openCount() {
        return openCount.get();
    }

    /** How many of them wait for an exchange; asked on any thread. */
    int idleCount() {
        return idleCount.get();
    }

    /** The loop alone counts, so that others may see a number a moment late and nobody waits for it to be seen. */
    private static void add(AtomicInteger count, int change) {
        count.lazySet(count.getPlain() + change);
    }

    @Override
    public CompletionStage<UpstreamSide> acquire(Upstream upstream, boolean fresh, Duration limit) {
        ArrayDeque<UpstreamConnection> waiting = fresh ? null : idle.get(upstream);
        long now = System.nanoTime();
        while (waiting != null && !waiting.isEmpty()) {
            UpstreamConnection connection = waiting.pollLast();
            add(idleCount, -1);
            if (connection.usable(now, settings.age().toNanos(), settings.requests())) {
                return connection.asAnswer();
            }
            connection.discard();
        }
        return connector.connect(this, upstream, limit);
    }

    /** A connection to an upstream stands, but for TLS. */
    void opened(Channel channel) {
        add(openCount, 1);
        channel.closeFuture().addListener(closed -> add(openCount, -1));
    }

    void giveBack(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> waiting = idle.computeIfAbsent(connection.upstream(), u -> new ArrayDeque<>());
        if (closed || waiting.size() >= settings.idlePerUpstream()) {
            connection.discard();
            return;
        }
        waiting.addLast(connection);
        add(idleCount, 1);
        if (!sweeping) {
            sweeping = true;
            sweepLater();
        }
    }

    void forget(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> waiting = idle.get(connection.upstream());
        if (waiting != null && waiting.remove(connection)) {
            add(idleCount, -1);
        }
    }

    /** Closes what is idle, and whatever is given back from now on. */
    void close() {
        closed = true;
        for (ArrayDeque<UpstreamConnection> waiting : idle.values()) {
            add(idleCount, -waiting.size());
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
                add(idleCount, -1);
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
