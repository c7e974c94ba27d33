package dev.sluice.engine.netty;

import dev.sluice.engine.ProxySettings.Transport;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** The classes of one of Netty's transports. The native ones are there only if their jars are on the class path. */
public record Transports(
        Transport transport,
        IoHandlerFactory handler,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends SocketChannel> clientChannel) {

    /**
     * The transport that was asked for.
     *
     * @throws IllegalArgumentException if it is not to be had here, with the reason
     */
    public static Transports of(Transport wanted) {
        return switch (wanted) {
            case AUTO -> present("io.netty.channel.epoll.Epoll") && Native.epollWorks() ? Native.epoll() : nio();
            case NIO -> nio();
            case EPOLL -> {
                require(wanted, present("io.netty.channel.epoll.Epoll") && Native.epollWorks());
                yield Native.epoll();
            }
            case IO_URING -> {
                require(wanted, present("io.netty.channel.uring.IoUring") && Native.ioUringWorks());
                yield Native.ioUring();
            }
        };
    }

    private static Transports nio() {
        return new Transports(
                Transport.NIO, NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    private static boolean present(String name) {
        try {
            Class.forName(name, false, Transports.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static void require(Transport wanted, boolean works) {
        if (!works) {
            throw new IllegalArgumentException(
                    "transport: " + wanted.name().toLowerCase(java.util.Locale.ROOT)
                            + " is not available (expected: its native jar on the class path and a kernel that has it, or auto)");
        }
    }

    /** Loaded only once the classes that it names are known to be present. */
    private static final class Native {
        private Native() {}

        static boolean epollWorks() {
            return Epoll.isAvailable();
        }

        static Transports epoll() {
            return new Transports(
                    Transport.EPOLL,
                    EpollIoHandler.newFactory(),
                    EpollServerSocketChannel.class,
                    EpollSocketChannel.class);
        }

        static boolean ioUringWorks() {
            return IoUring.isAvailable();
        }

        static Transports ioUring() {
            return new Transports(
                    Transport.IO_URING,
                    IoUringIoHandler.newFactory(),
                    IoUringServerSocketChannel.class,
                    IoUringSocketChannel.class);
        }
    }
}
