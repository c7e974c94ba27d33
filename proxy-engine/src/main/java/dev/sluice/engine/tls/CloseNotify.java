package dev.sluice.engine.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import javax.net.ssl.SSLException;

/**
 * Stands behind TLS and tells the end of an encrypted stream as TCP's is told: {@code close_notify} is its FIN. A FIN
 * without one is no end, for anybody on the way can send it: the handlers behind see it as the failure that a reset is (RFC
 * 8446 §6.1).
 */
public final class CloseNotify extends ChannelInboundHandlerAdapter {

    private boolean ended;

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent close) {
            ended(ctx, close.isSuccess());
        } else if (event instanceof ChannelInputShutdownEvent) {
            ended(ctx, false);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** What TLS finds wrong is the peer's doing, as a broken connection is. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean theirs = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        ctx.fireExceptionCaught(theirs ? cause.getCause() : cause);
    }

    private void ended(ChannelHandlerContext ctx, boolean inOrder) {
        if (ended) {
            return;
        }
        ended = true;
        if (!inOrder) {
            ctx.fireExceptionCaught(new TruncatedException());
        } else if (Boolean.TRUE.equals(ctx.channel().config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))) {
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            ctx.close();
        }
    }
}
