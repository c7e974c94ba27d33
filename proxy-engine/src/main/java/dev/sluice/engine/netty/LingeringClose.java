package dev.sluice.engine.netty;

import dev.sluice.engine.tls.Endings;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which the client may still be sending: the response goes out, then what comes in is thrown away
 * for a while. Closing at once would answer those bytes with a reset, which can destroy the response on its way (RFC 9112
 * §9.6).
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {

    private static final long LONGEST_FLUSH_SECONDS = 30;
    private static final long LONGEST_WAIT_SECONDS = 2;

    private final ClientHandler client;
    private @Nullable Future<?> deadline;

    private LingeringClose(ClientHandler client) {
        this.client = client;
    }

    /** Takes the place of {@code client}, the last of the pipeline. */
    static void take(Channel channel, ClientHandler client) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false); // what is to be said has been said
        LingeringClose linger = new LingeringClose(client);
        channel.pipeline().replace(client, "linger", linger);
        channel.pipeline().remove(ClientPipeline.DECODER);
        linger.in(LONGEST_FLUSH_SECONDS, channel, () -> {
            // A response that has not gone out must not look whole, however it is delimited.
            Endings.reset(channel);
        });
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess() && channel.isActive()) {
                Endings.finishOutput(channel);
                linger.in(LONGEST_WAIT_SECONDS, channel, channel::close);
            } else {
                channel.close();
            }
        });
        channel.read(); // at once: a client may read nothing before it has sent everything
    }

    private void in(long seconds, Channel channel, Runnable end) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = channel.eventLoop().schedule(end, seconds, TimeUnit.SECONDS);
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
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        client.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
