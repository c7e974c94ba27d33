package dev.sluice.examples.quickstart;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What the demo application answers: a page, a download of any size, an upload counter, events, a WebSocket's echo. */
final class DemoHandler extends SimpleChannelInboundHandler<HttpObject> {

    private static final int BLOCK = 64 * 1024;

    private long uploaded = -1;

    /** Bytes of a download that are still to be sent. */
    private long left;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest request) {
            begin(ctx, request);
        } else if (message instanceof HttpContent content && uploaded >= 0) {
            uploaded += content.content().readableBytes();
            if (content instanceof LastHttpContent) {
                answer(ctx, 200, "text/plain", uploaded + " bytes\n");
                uploaded = -1;
            }
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        QueryStringDecoder url = new QueryStringDecoder(request.uri());
        switch (url.path()) {
            case "/" -> answer(ctx, 200, "text/html; charset=utf-8", page(request));
            case "/whoami" -> answer(ctx, 200, "text/plain", user(request) + "\n");
            case "/upload" -> uploaded = 0;
            case "/download" -> download(ctx, url);
            case "/events" -> events(ctx);
            case "/ws" -> webSocket(ctx, request);
            default -> answer(ctx, 404, "text/plain", "There is no " + url.path() + "\n");
        }
    }

    private static String user(HttpRequest request) {
        return Objects.requireNonNullElse(request.headers().get(DemoLogin.IDENTITY_HEADER), "nobody");
    }

    private static String page(HttpRequest request) {
        try (InputStream page = DemoHandler.class.getResourceAsStream("/demo.html")) {
            String template = new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
            return template.replace("{user}", user(request));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(ChannelHandlerContext ctx, int status, String type, String text) {
        ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        HttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        HttpUtil.setContentLength(response, body.readableBytes());
        ctx.writeAndFlush(response);
    }

    // ---- a download, as fast as the other side takes it

    private void download(ChannelHandlerContext ctx, QueryStringDecoder url) {
        String bytes =
                url.parameters().getOrDefault("bytes", List.of("1000000")).get(0);
        left = Long.parseLong(bytes);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
        HttpUtil.setContentLength(head, left);
        ctx.write(head);
        sendMore(ctx);
    }

    private void sendMore(ChannelHandlerContext ctx) {
        boolean sending = left > 0;
        while (left > 0 && ctx.channel().isWritable()) {
            int size = (int) Math.min(BLOCK, left);
            left -= size;
            ctx.write(new DefaultHttpContent(ctx.alloc().buffer(size).writeZero(size)));
        }
        if (sending && left == 0) {
            ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && left > 0) {
            sendMore(ctx);
        }
    }

    // ---- events, one a second

    private static void events(ChannelHandlerContext ctx) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        HttpUtil.setTransferEncodingChunked(head, true);
        ctx.writeAndFlush(head);
        event(ctx, 1);
    }

    private static void event(ChannelHandlerContext ctx, int number) {
        ByteBuf data = Unpooled.copiedBuffer("data: " + number + "\n\n", StandardCharsets.UTF_8);
        ctx.writeAndFlush(new DefaultHttpContent(data)).addListener(sent -> {
            if (sent.isSuccess()) {
                ctx.executor().schedule(() -> event(ctx, number + 1), 1, TimeUnit.SECONDS);
            }
        });
    }

    // ---- a WebSocket that echoes

    private static void webSocket(ChannelHandlerContext ctx, HttpRequest request) {
        ctx.pipeline().replace(ctx.handler(), "echo", new DemoEcho());
        ctx.pipeline().addBefore("echo", "websocket", new WebSocketServerProtocolHandler("/ws"));
        ctx.pipeline()
                .firstContext()
                .fireChannelRead(new DefaultFullHttpRequest(
                        request.protocolVersion(),
                        request.method(),
                        request.uri(),
                        Unpooled.EMPTY_BUFFER,
                        request.headers(),
                        EmptyHttpHeaders.INSTANCE));
    }
}
