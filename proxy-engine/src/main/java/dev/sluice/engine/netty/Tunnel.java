package dev.sluice.engine.netty;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Timeouts;
import dev.sluice.engine.LiveTunnel;
import dev.sluice.engine.ProxySettings.PhaseTimeouts;
import dev.sluice.engine.exchange.ExchangeTrace;
import dev.sluice.engine.exchange.ProxyExchange;
import dev.sluice.engine.http.WebSocketFrames;
import dev.sluice.engine.tls.Endings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two connections joined after a 101: bytes pass untouched in both directions. Between frames only, the proxy speaks for
 * itself: a ping when it has been quiet, a Close when the proxy ends the tunnel (RFC 6455 §5.5).
 */
final class Tunnel {

    /** How long the peers have to answer a Close, unless a drain leaves less. */
    private static final long CLOSE_HANDSHAKE = TimeUnit.SECONDS.toNanos(5);

    private static final long ACTIVITY_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final ClientHandler client;
    private final UpstreamConnection upstream;
    private final ProxyExchange exchange;
    private final ExchangeTrace trace;
    private final ServerContext server;
    private final TunnelEnd fromClient;
    private final TunnelEnd fromUpstream;
    private final long idle;
    private final long ping;
    private final long endsAt;
    private final Instant since;
    private long movedAt = System.nanoTime();
    private long pingedAt = movedAt;
    private long reportedAt = movedAt - ACTIVITY_INTERVAL;
    private boolean pongDue;
    private @Nullable Future<?> tick;
    private @Nullable IdentityWatch identityWatch;
    private int closeCode;
    private @Nullable Kind closeReason;
    private boolean over;

    Tunnel(
            ClientHandler client,
            UpstreamConnection upstream,
            ProxyExchange exchange,
            ExchangeTrace trace,
            ServerContext server,
            Timeouts timeouts) {
        PhaseTimeouts usual = server.settings().timeouts();
        this.client = client;
        this.upstream = upstream;
        this.exchange = exchange;
        this.trace = trace;
        this.server = server;
        this.since = server.clock().instant();
        this.fromClient = new TunnelEnd(this, client.channel(), upstream.channel());
        this.fromUpstream = new TunnelEnd(this, upstream.channel(), client.channel());
        this.idle = timeouts.tunnelIdle().orElse(usual.tunnelIdle()).toNanos();
        this.ping = usual.tunnelPing().toNanos();
        this.endsAt = movedAt
                + timeouts.tunnelLifetime().orElse(usual.tunnelLifetime()).toNanos();
    }

    /** Takes both connections over, with the bytes that have come behind the handshake on either side. */
    void start() {
        Channel toUpstream = upstream.channel();
        Channel toClient = client.channel();
        toUpstream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        toClient.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        upstream.handOver(fromUpstream);
        client.handOver(this, fromClient);
        fromClient.pump().readComplete();
        fromUpstream.pump().readComplete();
        identityWatch = IdentityWatch.start(
                exchange.request().identity().orElseThrow(),
                toClient.eventLoop(),
                server.clock(),
                () -> close(1008, Kind.IDENTITY_ENDED));
        look();
        if (client.draining()) {
            close(1001, Kind.SHUTDOWN);
        }
    }

    /** What it is now. On any thread. */
    LiveTunnel describe() {
        ProxyRequest request = exchange.request();
        return new LiveTunnel(
                request.id(),
                request.identity().orElseThrow().userId(),
                request.host(),
                trace.resolver(),
                upstream.upstream(),
                since,
                fromClient.passed(),
                fromUpstream.passed());
    }

    TunnelEnd opposite(TunnelEnd end) {
        return end == fromClient ? fromUpstream : fromClient;
    }

    // ---- while it lasts

    /** Bytes have passed. */
    void moved() {
        if (over) {
            return;
        }
        long now = System.nanoTime();
        movedAt = now;
        if (now - reportedAt >= ACTIVITY_INTERVAL) {
            reportedAt = now;
            exchange.onTunnelActivity();
        }
        if (closing()) {
            sayClose();
        }
    }

    /** Whether {@code bytes} answer a ping of the proxy's own: then they are no activity, and nobody else's to see. */
    boolean takesPong(TunnelEnd end, ByteBuf bytes) {
        boolean pong = pongDue && end == fromClient && end.boundary().atBoundary() && WebSocketFrames.isPong(bytes);
        pongDue &= !pong;
        return pong;
    }

    private void sleep(long nanos) {
        tick = client.channel().eventLoop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        long quiet = now - movedAt;
        if (quiet >= idle) {
            close(1001, Kind.CLIENT_IDLE);
            return;
        }
        if (endsAt - now <= 0) {
            close(1001, Kind.LIFETIME_ENDED);
            return;
        }
        if (Math.min(quiet, now - pingedAt) >= ping) {
            pingedAt = now;
            sayPing();
        }
        long nextPing = ping - Math.min(quiet, now - pingedAt);
        sleep(Math.min(endsAt - now, Math.min(idle - quiet, nextPing)));
    }

    private void sayPing() {
        if (fromUpstream.takesFrame()) {
            ByteBuf frame = client.channel().alloc().buffer(8);
            WebSocketFrames.writePing(frame);
            fromUpstream.inject(frame);
            pongDue = true;
        }
    }

    // ---- how it ends

    /** Ends the tunnel with a Close frame in both directions, each as soon as a frame has ended. */
    void close(int code, Kind reason) {
        if (over || closing()) {
            return;
        }
        closeCode = code;
        closeReason = reason;
        stopWatching();
        long drain = server.settings().timeouts().drain().toNanos();
        tick = client.channel()
                .eventLoop()
                .schedule(() -> end(reason), Math.min(CLOSE_HANDSHAKE, drain), TimeUnit.NANOSECONDS);
        sayClose();
    }

    boolean closing() {
        return closeReason != null;
    }

    /** Says Close wherever it can be said now; when both ends have answered, the tunnel is over. */
    void sayClose() {
        fromUpstream.sayClose(closeCode, false);
        fromClient.sayClose(closeCode, true); // towards a server frames are masked (RFC 6455 §5.3)
        if (fromClient.over() && fromUpstream.over()) {
            end(closeReason);
        }
    }

    /** One end has said that it sends no more; when both have, the tunnel is over. */
    void halfClosed() {
        if (closing()) {
            sayClose();
        } else if (fromClient.ended() && fromUpstream.ended()) {
            end(null);
        }
    }

    /** One connection is gone, and the other one follows it at once. */
    void lost(TunnelEnd end, @Nullable Throwable cause) {
        if (closing()) {
            end(closeReason);
        } else if (!over) {
            Endings.reset(client.channel());
            Endings.reset(upstream.channel());
            over(end == fromClient ? Kind.CLIENT_CLOSED : Kind.UPSTREAM_CLOSED, cause);
        }
    }

    private void end(@Nullable Kind reason) {
        if (over) {
            return;
        }
        if (reason != null && !fromUpstream.closeSaid()) {
            Endings.reset(client.channel());
        }
        if (reason != null && !fromClient.closeSaid()) {
            Endings.reset(upstream.channel());
        }
        over(reason, null);
    }

    private void over(@Nullable Kind reason, @Nullable Throwable cause) {
        over = true;
        stopWatching();
        trace.received(fromClient.passed());
        trace.sent(fromUpstream.passed());
        if (reason == null) {
            exchange.onEnd();
        } else {
            exchange.fail(reason, cause);
        }
        client.closed();
    }

    private void stopWatching() {
        if (tick != null) {
            tick.cancel(false);
        }
        if (identityWatch != null) {
            identityWatch.cancel();
        }
    }
}
