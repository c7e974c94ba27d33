package dev.sluice.engine.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which the client may still be sending: the response goes out, then what comes in is thrown away
 * for a while. Closing at once would answer those bytes with a reset, which can destroy the response on its way (RFC 9112
 * §9.6).
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {

    private static final long LONGEST_SECONDS = 2;

    /** Takes the place of {@code handler}, the last of the pipeline. */
    static void take(Channel channel, ClientHandler handler) {
        LingeringClose linger = new LingeringClose();
        channel.pipeline().replace(handler, "linger", linger);
        if (channel.pipeline().get(ClientPipeline.DECODER) != null) {
            channel.pipeline().remove(ClientPipeline.DECODER);
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess()) {
                ((DuplexChannel) channel).shutdownOutput();
                channel.read();
            } else {
                channel.close();
            }
        });
        channel.eventLoop().schedule(() -> channel.close(), LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
