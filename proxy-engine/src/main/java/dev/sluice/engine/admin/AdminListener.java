package dev.sluice.engine.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Serves pages to operators and their tools. It has a thread of its own, so that nothing that happens here is felt by the
 * requests that the proxy forwards, and no authentication: who reaches its address may read what it shows.
 */
public final class AdminListener implements AutoCloseable {

    private final EventLoopGroup thread;
    private final AdminConnections connections;
    private final Channel listener;

    private AdminListener(EventLoopGroup thread, AdminConnections connections, Channel listener) {
        this.thread = thread;
        this.connections = connections;
        this.listener = listener;
    }

    /**
     * Binds {@code address} and serves.
     *
     * @param pages by path, such as {@code /livez}
     * @throws IOException if the address cannot be bound, with the address in the message
     */
    public static AdminListener start(InetSocketAddress address, Map<String, AdminPage> pages) throws IOException {
        EventLoopGroup thread = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("sluice-admin", true), NioIoHandler.newFactory());
        AdminConnections connections = new AdminConnections();
        Map<String, AdminPage> served = Map.copyOf(pages);
        ChannelFuture bound = new ServerBootstrap()
                .group(thread)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(connections, new HttpServerCodec(), new AdminHandler(served));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (bound.isSuccess()) {
            return new AdminListener(thread, connections, bound.channel());
        }
        stop(thread);
        String where = address.getHostString() + ":" + address.getPort();
        BindException failure = new BindException("admin: " + where + " cannot be bound: "
                + bound.cause().getMessage() + " (expected: a free port on an address of this host)");
        failure.initCause(bound.cause());
        throw failure;
    }

    /** Where it is asked. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Closes the listener and its connections. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        thread.submit(connections::closeAll).awaitUninterruptibly();
        thread.submit(() -> {}).awaitUninterruptibly(); // behind what their closing has left to do
        stop(thread);
    }

    private static void stop(EventLoopGroup thread) {
        thread.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
