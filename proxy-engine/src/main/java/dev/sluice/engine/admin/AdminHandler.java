package dev.sluice.engine.admin;

import dev.sluice.engine.admin.AdminPage.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the first request of a connection and closes it: nobody can make answers pile up. */
final class AdminHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final Map<String, AdminPage> pages;
    private boolean answered;

    AdminHandler(Map<String, AdminPage> pages) {
        this.pages = pages;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!answered && message instanceof HttpRequest request) {
                answered = true;
                ctx.channel().config().setAutoRead(false);
                InetAddress asked = ((InetSocketAddress) ctx.channel().localAddress()).getAddress();
                write(ctx, answer(request, asked));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private Answer answer(HttpRequest request, InetAddress asked) {
        if (request.decoderResult().isFailure()) {
            return Answer.text(400, "not HTTP\n");
        }
        Answer refusal = HostRule.refusal(request, asked);
        if (refusal != null) {
            return refusal;
        }
        int query = request.uri().indexOf('?');
        String path = query < 0 ? request.uri() : request.uri().substring(0, query);
        AdminPage page = pages.get(path);
        if (page == null) {
            return Answer.text(404, "not here\n");
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return Answer.text(405, "GET or HEAD\n");
        }
        try {
            return page.show();
        } catch (RuntimeException e) {
            LOG.warn("{} could not be shown", path, e); // one of ours: the query could hold anything
            return Answer.text(500, "failed; the log says why\n");
        }
    }

    private static void write(ChannelHandlerContext ctx, Answer answer) {
        ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), answer.body());
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff") // no page can run it as a script
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // its client left, or does not speak HTTP
    }
}
