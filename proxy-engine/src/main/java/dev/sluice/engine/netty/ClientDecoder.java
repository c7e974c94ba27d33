package dev.sluice.engine.netty;

import dev.sluice.engine.http.UpgradeRules;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Decodes requests, and stops behind a WebSocket handshake: what follows belongs to the tunnel, and if there is to be none
 * it is nobody's. To take it for a request would let a client say what nobody decided on (RFC 9931).
 */
final class ClientDecoder extends HttpRequestDecoder {

    private boolean tookBytes;
    private boolean handshake;
    private boolean stopped;

    ClientDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Whether bytes have come behind a handshake; they stay here, and go to the next handler if this one is removed. */
    boolean holdsBytes() {
        return stopped && actualReadableBytes() > 0;
    }

    /** Whether anything has come since this was last asked: a read may bring what was not meant for HTTP, such as TLS's. */
    boolean tookBytes() {
        boolean took = tookBytes;
        tookBytes = false;
        return took;
    }

    /** Goes on decoding, after a handshake that was refused. */
    void resume() {
        stopped = false;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        tookBytes = true;
        if (stopped) {
            return;
        }
        int from = out.size();
        super.decode(ctx, in, out);
        for (int i = from; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpRequest head) {
                handshake = UpgradeRules.asksForWebSocket(head);
            }
            stopped |= handshake && message instanceof LastHttpContent;
        }
    }

    /** The superclass would read on, because nothing was decoded, and so gather without bound what it holds. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (holdsBytes()) {
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }
}
