package dev.sluice.engine.netty;

import dev.sluice.engine.http.FrameBoundary;
import dev.sluice.engine.http.WebSocketFrames;
import dev.sluice.engine.tls.Endings;
import dev.sluice.engine.tls.TruncatedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicLong;

/** One end of a tunnel: what it reads goes to the other end untouched, watched only for where frames begin. */
final class TunnelEnd extends ChannelInboundHandlerAdapter {

    private final Tunnel tunnel;
    private final Channel source;
    private final Channel sink;
    private final BodyPump pump;
    private final FrameBoundary boundary = new FrameBoundary();

    /** Written on the event loop alone, read by whoever lists tunnels. */
    private final AtomicLong passed = new AtomicLong();

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

    /** How many bytes it has passed on. On any thread. */
    long passed() {
        return passed.get();
    }

    /** Whether this end has said that it sends no more, and the other end has been told. */
    boolean ended() {
        return ended;
    }

    /** Whether a frame of the proxy's own may follow now what this end has sent. */
    boolean takesFrame() {
        boolean open = !closeSent && !boundary.closeSeen() && !inputEnded;
        return open && boundary.atBoundary() && sink.isWritable();
    }

    /** Writes a frame of the proxy's own to the other end. */
    void inject(ByteBuf frame) {
        sink.writeAndFlush(frame, sink.voidPromise());
    }

    /** Ends this direction with a Close frame of the proxy's own, if it is not at its end and no frame is under way. */
    void sayClose(int code, boolean masked) {
        if (!closeSaid() && boundary.atBoundary()) {
            closeSent = true;
            ByteBuf frame = sink.alloc().buffer(16);
            WebSocketFrames.writeClose(frame, code, masked);
            inject(frame);
        }
    }

    /** Whether the other end has been told that nothing follows: by a Close, this end's or the proxy's, or by its FIN. */
    boolean closeSaid() {
        return closeSent || inputEnded || (boundary.closeSeen() && boundary.atBoundary());
    }

    /** Whether nothing is to be waited for in this direction while the proxy closes the tunnel. */
    boolean over() {
        boolean nothingFollows = inputEnded || (boundary.closeSeen() && boundary.atBoundary());
        return boundary.broken() || (closeSaid() && nothingFollows);
    }

    private void accept(ByteBuf bytes) {
        if (closeSent) {
            boundary.advance(bytes);
            bytes.release(); // nothing may follow a Close (RFC 6455 §5.5.1)
        } else if (tunnel.closing()) {
            acceptLast(bytes);
        } else {
            boundary.advance(bytes);
            pass(bytes);
        }
        tunnel.moved();
    }

    private void pass(ByteBuf bytes) {
        passed.lazySet(passed.get() + bytes.readableBytes());
        sink.write(bytes, sink.voidPromise());
    }

    /** Passes on what ends the frame under way; the Close goes in behind it, in the middle of the read. */
    private void acceptLast(ByteBuf bytes) {
        int rest = boundary.advanceToBoundary(bytes);
        if (!boundary.atBoundary()) {
            pass(bytes);
            return;
        }
        pass(bytes.readRetainedSlice(rest));
        tunnel.sayClose();
        boundary.advance(bytes);
        bytes.release();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message); // the codec's end of an empty message
        } else if (tunnel.takesPong(this, bytes)) {
            bytes.release();
        } else {
            accept(bytes);
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
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void inputEnded() {
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        sink.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (sink.isActive()) {
                Endings.finishOutput(sink);
            }
            ended = true;
            tunnel.halfClosed();
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tunnel.lost(this, null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TruncatedException && boundary.closeSeen() && boundary.atBoundary()) {
            inputEnded(); // its Close has said it; many a server leaves TLS's word for it out
        } else {
            tunnel.lost(this, cause);
        }
    }
}
