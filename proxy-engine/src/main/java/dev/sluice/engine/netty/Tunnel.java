package dev.sluice.engine.netty;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Timeouts;
import dev.sluice.engine.exchange.ProxyExchange;
import dev.sluice.engine.http.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two connections joined after a 101: bytes pass untouched in both directions. Between frames only, the proxy speaks for
 * itself: a ping when it has been quiet, a Close when the proxy ends the tunnel (RFC 6455 §5.5).
 */
final class Tunnel {

    private static final long CLOSE_HANDSHAKE_SECONDS = 5;
    private static final long ACTIVITY_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final ClientHandler client;
    private final UpstreamConnection upstream;
    private final ProxyExchange exchange;
    private final ServerContext server;
    private final TunnelEnd fromClient;
    private final TunnelEnd fromUpstream;
    private final long idle;
    private final long ping;
    private long movedAt = System.nanoTime();
    private long reportedAt = movedAt - ACTIVITY_INTERVAL;
    private @Nullable Future<?> tick;
    private @Nullable IdentityWatch identityWatch;
    private int closeCode;
    private @Nullable Kind closeReason;
    private boolean over;

    Tunnel(
            ClientHandler client,
            UpstreamConnection upstream,
            ProxyExchange exchange,
            ServerContext server,
            Timeouts timeouts) {
        this.client = client;
        this.upstream = upstream;
        this.exchange = exchange;
        this.server = server;
        this.fromClient = new TunnelEnd(this, client.channel(), upstream.channel());
        this.fromUpstream = new TunnelEnd(this, upstream.channel(), client.channel());
        this.idle = timeouts.tunnelIdle()
                .orElse(server.settings().timeouts().tunnelIdle())
                .toNanos();
        this.ping = server.settings().timeouts().tunnelPing().toNanos();
    }

    /** Takes both connections over, with the bytes that have come behind the handshake on either side. */
    void start() {
        Channel toUpstream = upstream.channel();
        Channel toClient = client.channel();
        toUpstream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        toClient.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        toUpstream.pipeline().replace(upstream, "tunnel", fromUpstream);
        toUpstream.pipeline().remove(UpstreamPipeline.DECODER);
        client.handOver(fromClient);
        fromClient.pump().readComplete();
        fromUpstream.pump().readComplete();
        identityWatch = IdentityWatch.start(
                exchange.request().identity().orElseThrow(),
                toClient.eventLoop(),
                server.clock(),
                () -> close(1008, Kind.IDENTITY_ENDED));
        sleep();
        if (client.draining()) {
            close(1001, Kind.SHUTDOWN);
        }
    }

    TunnelEnd opposite(TunnelEnd end) {
        return end == fromClient ? fromUpstream : fromClient;
    }

    /** Bytes have passed. */
    void moved() {
        long now = System.nanoTime();
        movedAt = now;
        if (now - reportedAt >= ACTIVITY_INTERVAL) {
            reportedAt = now;
            exchange.onTunnelActivity();
        }
        if (closeReason != null) {
            sayClose();
        }
    }

    /** Ends the tunnel with a Close frame in both directions, each as soon as a frame has ended. */
    void close(int code, Kind reason) {
        if (over || closeReason != null) {
            return;
        }
        closeCode = code;
        closeReason = reason;
        sayClose();
        client.channel().eventLoop().schedule(() -> end(reason), CLOSE_HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    }

    private void sayClose() {
        sayClose(fromUpstream, false);
        sayClose(fromClient, true); // towards a server frames are masked (RFC 6455 §5.3)
        if (fromClient.closeSent()
                && fromUpstream.closeSent()
                && fromClient.boundary().closeSeen()) {
            end(closeReason);
        }
    }

    private void sayClose(TunnelEnd direction, boolean masked) {
        if (!direction.closeSent() && direction.boundary().atBoundary()) {
            ByteBuf frame = client.channel().alloc().buffer(16);
            WebSocketFrames.writeClose(frame, closeCode, masked);
            direction.inject(frame, true);
        }
    }

    /** One end has said that it sends no more; when both have, the tunnel is over. */
    void halfClosed() {
        boolean both = fromClient.ended() && fromUpstream.ended();
        if (both || (closeReason != null && fromClient.ended())) {
            end(closeReason);
        }
    }

    /** One connection is gone, and the other one follows it at once. */
    void lost(TunnelEnd end, @Nullable Throwable cause) {
        if (closeReason != null) {
            end(closeReason);
        } else if (!over) {
            upstream.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            client.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            over(end == fromClient ? Kind.CLIENT_CLOSED : Kind.UPSTREAM_CLOSED, cause);
        }
    }

    private void end(@Nullable Kind reason) {
        if (!over) {
            over(reason, null);
        }
    }

    private void over(@Nullable Kind reason, @Nullable Throwable cause) {
        over = true;
        if (tick != null) {
            tick.cancel(false);
        }
        if (identityWatch != null) {
            identityWatch.cancel();
        }
        if (reason == null) {
            exchange.onEnd();
        } else {
            exchange.fail(reason, cause);
        }
        client.closed();
    }

    private void sleep() {
        tick = client.channel().eventLoop().schedule(this::look, Math.min(idle, ping), TimeUnit.NANOSECONDS);
    }

    private void look() {
        long quiet = System.nanoTime() - movedAt;
        if (quiet >= idle) {
            close(1001, Kind.CLIENT_IDLE);
            return;
        }
        if (quiet >= ping && closeReason == null && fromUpstream.boundary().atBoundary()) {
            ByteBuf frame = client.channel().alloc().buffer(8);
            WebSocketFrames.writePing(frame, false);
            fromUpstream.inject(frame, false);
        }
        sleep();
    }
}
