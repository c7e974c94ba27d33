package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant 8 in numbers: many WebSockets at once, and a SIGTERM. 400 by default, 2,000 with {@code
 * -Dsluice.large.gib=4}; Netty on both sides, for threads would be too many.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "SIGTERM")
class CrowdTest {

    private static final int SOCKETS = Long.getLong("sluice.large.gib", 0) > 0 ? 2000 : 400;
    private static final int ECHOES = 5;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final AtomicInteger echoed = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Map<Integer, Integer> clientCodes = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> upstreamCodes = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void crowdOfTunnels_echoesAndIsClosedBySigterm(@TempDir Path folder) throws Exception {
        Channel upstream = listen();
        int port = ((InetSocketAddress) upstream.localAddress()).getPort();
        try (var proxy = ChildProxy.start(folder, ChildProxy.configTo(port), "-Xmx128m")) {
            long start = System.nanoTime();
            for (int i = 0; i < SOCKETS; i++) {
                connect(proxy.address());
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> echoed.get() == SOCKETS * ECHOES);
            long end = System.nanoTime();
            long mebibytes = proxy.mebibytes("VmHWM");
            proxy.terminate();
            proxy.awaitExit(10);
            await().until(() -> closed.get() == SOCKETS);
            long gone = System.nanoTime();
            System.out.printf(
                    "%d tunnels, %d echoes in %d ms, at most %d MiB; closed and exited in %d ms%n",
                    SOCKETS,
                    echoed.get(),
                    TimeUnit.NANOSECONDS.toMillis(end - start),
                    mebibytes,
                    TimeUnit.NANOSECONDS.toMillis(gone - end));
            assertThat(clientCodes).isEqualTo(Map.of(1001, SOCKETS));
            await().untilAsserted(() -> assertThat(upstreamCodes).isEqualTo(Map.of(1001, SOCKETS)));
        }
    }

    private Channel listen() {
        var answering = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/")
                .handleCloseFrames(false)
                .handshakeTimeoutMillis(60_000)
                .build();
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(8192),
                                        new WebSocketServerProtocolHandler(answering),
                                        new Echo());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    private void connect(InetSocketAddress proxy) {
        var config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(URI.create("ws://h/"))
                .customHeaders(EmptyHttpHeaders.INSTANCE)
                .handleCloseFrames(false)
                .dropPongFrames(false)
                .handshakeTimeoutMillis(60_000)
                .build();
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 60_000)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(8192),
                                        new WebSocketClientProtocolHandler(config),
                                        new Chatter());
                    }
                })
                .connect(proxy);
    }

    /** Sends back what comes, the Close too. */
    private final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                upstreamCodes.merge(close.statusCode(), 1, Integer::sum);
            }
            ctx.writeAndFlush(frame.retain());
        }
    }

    /** Says something, waits for the echo, says the next; answers a Close and waits for the end. */
    private final class Chatter extends SimpleChannelInboundHandler<WebSocketFrame> {
        private int said;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                ctx.writeAndFlush(new TextWebSocketFrame("hello 0"));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                clientCodes.merge(close.statusCode(), 1, Integer::sum);
                ctx.writeAndFlush(close.retain());
            } else if (frame instanceof TextWebSocketFrame text && text.text().equals("hello " + said)) {
                echoed.incrementAndGet();
                if (++said < ECHOES) {
                    ctx.writeAndFlush(new TextWebSocketFrame("hello " + said));
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed.incrementAndGet();
        }
    }
}
