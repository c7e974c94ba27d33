package dev.sluice.engine.netty;

import dev.sluice.engine.http.FrameBoundary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

/** One end of a tunnel: what it reads goes to the other end untouched, watched only for where frames begin. */
final class TunnelEnd extends ChannelInboundHandlerAdapter {

    private final Tunnel tunnel;
    private final Channel source;
    private final Channel sink;
    private final BodyPump pump;
    private final FrameBoundary boundary = new FrameBoundary();
    private boolean inputEnded;
    private boolean ended;
    private boolean closeSent;

    TunnelEnd(Tunnel tunnel, Channel source, Channel sink) {
        this.tunnel = tunnel;
        this.source = source;
        this.sink = sink;
        this.pump = new BodyPump(source, sink);
    }

    FrameBoundary boundary() {
        return boundary;
    }

    BodyPump pump() {
        return pump;
    }

    /** Whether this end has said that it sends no more, and the other end has been told. */
    boolean ended() {
        return ended;
    }

    /** Whether the proxy itself has ended this direction with a Close frame; what comes after it is not passed on. */
    boolean closeSent() {
        return closeSent;
    }

    /** Writes a frame of the proxy's own to the other end; only at a boundary. */
    void inject(ByteBuf frame, boolean last) {
        closeSent |= last;
        sink.writeAndFlush(frame, sink.voidPromise());
    }

    void accept(ByteBuf bytes) {
        boundary.advance(bytes);
        if (closeSent) {
            bytes.release();
        } else {
            sink.write(bytes, sink.voidPromise());
        }
        tunnel.moved();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            accept(bytes);
        } else {
            ReferenceCountUtil.release(message); // the codec's end of an empty message
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pump.readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (source.isWritable()) {
            tunnel.opposite(this).pump.sinkWritable();
        }
    }

    /** Half-close: the other end is told once everything before it has gone out. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
            inputEnded = true;
            sink.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
                if (sink.isActive()) {
                    ((DuplexChannel) sink).shutdownOutput();
                }
                ended = true;
                tunnel.halfClosed();
            });
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tunnel.lost(this, null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        tunnel.lost(this, cause);
    }
}
