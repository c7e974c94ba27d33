package dev.sluice.engine.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a connection that has to begin with a PROXY header: learns the client's address, hands it on and
 * leaves, and what came behind the header goes to the handlers that follow. Until then they are not told that the channel
 * is active. A connection that begins otherwise, or not in time, is closed without a word.
 */
public final class ProxyHeaderDecoder extends ByteToMessageDecoder {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderDecoder.class);

    private final Duration limit;
    private final Consumer<InetSocketAddress> learnt;
    private final Runnable refused;
    private @Nullable Future<?> deadline;

    /**
     * @param limit for the whole header to arrive
     * @param learnt given the client's address; may add handlers behind this one, which then see the channel as active
     * @param refused told, once, if the connection is closed instead
     */
    public ProxyHeaderDecoder(Duration limit, Consumer<InetSocketAddress> learnt, Runnable refused) {
        this.limit = limit;
        this.learnt = learnt;
        this.refused = refused;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.channel()
                .eventLoop()
                .schedule(() -> refuse(ctx, "no whole header in time"), limit.toMillis(), TimeUnit.MILLISECONDS);
        ctx.read();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        ProxyHeader header;
        try {
            header = ProxyHeader.parse(in);
        } catch (BadProxyHeader e) {
            in.skipBytes(in.readableBytes());
            refuse(ctx, String.valueOf(e.getMessage()));
            return;
        }
        if (header != null) {
            in.skipBytes(header.length());
            InetSocketAddress source = header.source();
            learnt.accept(source == null ? (InetSocketAddress) ctx.channel().remoteAddress() : source);
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Nobody behind has been told of the channel yet. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    /** The peer is in a network that was configured to send the header: if it does not, its operator wants to know. */
    private void refuse(ChannelHandlerContext ctx, String why) {
        refused.run();
        LOG.warn(
                "PROXY header of {}: {}; the connection is closed",
                ctx.channel().remoteAddress(),
                why);
        ctx.close();
    }
}
