package dev.sluice.benchmarks.load;

import dev.sluice.engine.netty.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The least that a proxy on Netty's own HTTP codecs does: one connection to the upstream for each client's, every message
 * passed on as it is. It decides nothing, checks nothing and keeps no pool; it is what the codecs and sockets cost.
 */
public final class BareForwarder {

    private BareForwarder() {}

    /** Arguments: the port to listen on, the upstream's, and the one that takes request bodies. */
    public static void main(String[] args) {
        InetSocketAddress upstream = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1]));
        InetSocketAddress sink = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[2]));
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, EventLoops.readSize())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, EventLoops.waterMark())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        client.pipeline().addLast(new HttpServerCodec(), new FromClient(upstream, sink));
                        client.read();
                    }
                })
                .bind("127.0.0.1", Integer.parseInt(args[0]))
                .syncUninterruptibly()
                .channel()
                .closeFuture()
                .syncUninterruptibly();
    }

    /** Passes on what is read, and reads on when the other side has taken it. */
    private static class Relay extends ChannelInboundHandlerAdapter {

        @Nullable
        Channel other;

        Relay(@Nullable Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel to = Objects.requireNonNull(other);
            to.write(message, to.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (other != null) {
                other.flush();
                if (other.isWritable()) {
                    ctx.read();
                }
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (other != null && ctx.channel().isWritable()) {
                other.read();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (other != null) {
                other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static final class FromClient extends Relay {

        private final InetSocketAddress upstream;
        private final InetSocketAddress sink;
        private final List<Object> early = new ArrayList<>();
        private boolean connecting;

        FromClient(InetSocketAddress upstream, InetSocketAddress sink) {
            super(null);
            this.upstream = upstream;
            this.sink = sink;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (other != null) {
                super.channelRead(ctx, message);
                return;
            }
            early.add(message);
            if (!connecting && message instanceof HttpRequest head) {
                connecting = true;
                connect(ctx, head.uri().startsWith("/up") ? sink : upstream);
            }
        }

        private void connect(ChannelHandlerContext client, InetSocketAddress to) {
            new Bootstrap()
                    .group(client.channel().eventLoop())
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, EventLoops.readSize())
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, EventLoops.waterMark())
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(new HttpClientCodec(), new Relay(client.channel()));
                        }
                    })
                    .connect(to)
                    .addListener((ChannelFuture connected) -> {
                        if (!connected.isSuccess()) {
                            client.close();
                            return;
                        }
                        other = connected.channel();
                        early.forEach(message -> super.channelRead(client, message));
                        early.clear();
                        other.read();
                        super.channelReadComplete(client);
                    });
        }
    }
}
