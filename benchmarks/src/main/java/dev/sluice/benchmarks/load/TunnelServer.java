package dev.sluice.benchmarks.load;

import dev.sluice.engine.http.UpgradeRules;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An upstream that swallows request bodies, and sends back what comes through a WebSocket as it is. */
final class TunnelServer implements AutoCloseable {

    private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    TunnelServer(int port) {
        new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Connection());
                    }
                })
                .bind("127.0.0.1", port)
                .syncUninterruptibly();
    }

    @Override
    public void close() {
        loop.shutdownGracefully();
    }

    private static final class Connection extends ChannelInboundHandlerAdapter {

        private StringBuilder head = new StringBuilder();
        private boolean echoes;
        private long bodyLeft;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (echoes) {
                ctx.writeAndFlush(bytes);
                return;
            }
            if (bodyLeft == 0) {
                readHead(ctx, bytes);
            }
            if (bodyLeft > 0) {
                bodyLeft -= bytes.readableBytes();
                if (bodyLeft <= 0) {
                    answer(ctx, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    bodyLeft = 0;
                }
            }
            bytes.release();
        }

        private void readHead(ChannelHandlerContext ctx, ByteBuf bytes) {
            while (bytes.isReadable() && (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4)) {
                head.append((char) bytes.readByte());
            }
            if (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
                return;
            }
            Matcher key = KEY.matcher(head);
            Matcher length = LENGTH.matcher(head);
            if (key.find()) {
                echoes = true;
                answer(
                        ctx,
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Accept: " + UpgradeRules.accept(key.group(1)) + "\r\n\r\n");
            } else if (length.find()) {
                bodyLeft = Long.parseLong(length.group(1));
            }
            head = new StringBuilder();
        }

        private static void answer(ChannelHandlerContext ctx, String head) {
            ctx.writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
