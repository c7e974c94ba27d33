package dev.sluice.engine.netty;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Upstream;
import dev.sluice.engine.exchange.UpstreamSide;
import dev.sluice.engine.http.ClientRequest;
import dev.sluice.engine.http.Framing;
import dev.sluice.engine.http.RefusedHead;
import dev.sluice.engine.http.ResponseRules;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection to an upstream: carries one exchange at a time, and waits in the pool between two. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamSide {

    private final ConnectionPool pool;
    private final Upstream upstream;
    private final Channel channel;
    private final long connectedAt = System.nanoTime();

    /** Itself as the pool's answer, made once: an idle connection is handed out without a new future. */
    private final CompletableFuture<UpstreamSide> asAnswer = CompletableFuture.completedFuture(this);

    private int exchanges;
    private long idleSince;
    private @Nullable UpstreamListener listener;
    private @Nullable ClientRequest request;
    private String method = "GET";
    private boolean interim;
    private boolean requestSent;
    private boolean replyEnded;
    private boolean reusable;
    private boolean outputFailed;
    private @Nullable UpstreamDecoder decoder;

    UpstreamConnection(ConnectionPool pool, Upstream upstream, Channel channel, UpstreamDecoder decoder) {
        this.pool = pool;
        this.upstream = upstream;
        this.channel = channel;
        this.decoder = decoder;
    }

    Channel channel() {
        return channel;
    }

    Upstream upstream() {
        return upstream;
    }

    CompletableFuture<UpstreamSide> asAnswer() {
        return asAnswer;
    }

    long idleSince() {
        return idleSince;
    }

    /** Whether the connection may carry one more exchange. */
    boolean usable(long now, long oldest, int mostExchanges) {
        return channel.isActive() && now - connectedAt < oldest && exchanges < mostExchanges;
    }

    /** Begins an exchange: from here on, what the upstream sends goes to {@code listener}. */
    void begin(UpstreamListener listener, String method, @Nullable ClientRequest request) {
        this.listener = listener;
        this.request = request;
        this.method = method;
        exchanges++;
        interim = false;
        requestSent = false;
        replyEnded = false;
        reusable = false;
        decoder().expectAnswerTo(method);
        channel.read();
    }

    /** Whether the connection is still {@code listener}'s. */
    boolean carries(UpstreamListener listener) {
        return this.listener == listener;
    }

    /** Writes a copy of a request's head. */
    void write(ByteBuf head) {
        ByteBuf out = channel.alloc().buffer(head.readableBytes());
        channel.write(out.writeBytes(head.array(), head.arrayOffset(), head.readableBytes()), channel.voidPromise());
    }

    /** The whole request has been written. */
    void requestSent() {
        requestSent = true;
    }

    /** Hands the connection to a tunnel, with the bytes that came behind the handshake. */
    void handOver(TunnelEnd end) {
        channel.pipeline().replace(this, "tunnel", end);
        channel.pipeline().remove(decoder());
        decoder = null; // for as long as the tunnel lasts
    }

    private UpstreamDecoder decoder() {
        return Objects.requireNonNull(decoder);
    }

    @Override
    public boolean reused() {
        return exchanges > 1;
    }

    @Override
    public void release() {
        listener = null;
        request = null;
        if (reusable
                && requestSent
                && replyEnded
                && !outputFailed
                && channel.isActive()
                && !decoder().holdsBytes()) {
            idleSince = System.nanoTime();
            pool.giveBack(this);
            channel.read(); // so that its closing is noticed
        } else {
            channel.close();
        }
    }

    @Override
    public void discard() {
        listener = null;
        request = null;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        UpstreamListener to = listener;
        if (to == null || replyEnded) {
            // Nobody asked: what follows could be taken for the answer to the next request.
            ReferenceCountUtil.release(message);
            reusable = false;
            ctx.close();
        } else if (message instanceof HttpResponse head) {
            head(to, head);
        } else if (message instanceof HttpContent content) {
            body(to, content);
        } else {
            ReferenceCountUtil.release(message);
            failed(Kind.UPSTREAM_PROTOCOL, null);
        }
    }

    private void head(UpstreamListener to, HttpResponse head) {
        try {
            Framing framing = ResponseRules.accept(head, request, method);
            int status = head.status().code();
            interim = status < 200 && status != 101;
            if (interim) {
                to.onInterimReply(new UpstreamReply(head, framing));
            } else {
                reusable = ResponseRules.upstreamReusable(head) && !framing.isUntilClose() && status != 101;
                to.onReply(new UpstreamReply(head, framing));
            }
        } catch (RefusedHead e) {
            ReferenceCountUtil.release(head);
            boolean cutShort = head.decoderResult().cause() instanceof PrematureChannelClosureException;
            failed(cutShort ? Kind.UPSTREAM_CLOSED : Kind.UPSTREAM_PROTOCOL, e);
        }
    }

    private void body(UpstreamListener to, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            failed(Kind.UPSTREAM_PROTOCOL, content.decoderResult().cause());
            return;
        }
        boolean last = content instanceof LastHttpContent;
        if (interim) {
            interim = !last;
            content.release();
            return;
        }
        if (content.content().isReadable()) {
            to.onReplyBody(content.content());
        } else {
            content.release();
        }
        if (last && listener == to) {
            replyEnded = true;
            to.onReplyEnd(((LastHttpContent) content).trailingHeaders());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onReplyReadComplete();
        } else if (decoder().holdsBytes()) {
            ctx.close(); // unasked, though not yet a message
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null && channel.isWritable()) {
            listener.onUpstreamWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pool.forget(this);
        failed(Kind.UPSTREAM_CLOSED, null);
    }

    /** Told at once: a decoder that sees the channel close would take a reset for the end of a body (RFC 9112 §8). */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ChannelOutputShutdownException) {
            outputFailed = true; // it takes no more of the request; whether it has answered, the next read tells
            return;
        }
        boolean theirs = cause instanceof IOException || cause instanceof CodecException;
        failed(theirs ? Kind.UPSTREAM_CLOSED : Kind.INTERNAL, cause);
        ctx.close();
    }

    private void failed(Kind kind, @Nullable Throwable cause) {
        UpstreamListener to = listener;
        listener = null;
        if (to != null) {
            to.onReplyFailed(kind, cause);
        }
    }
}
