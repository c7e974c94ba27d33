package dev.sluice.engine.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The ways in which the proxy ends a connection other than in order, encrypted or not. */
public final class Endings {

    private Endings() {}

    /** Says that nothing follows what was written: {@code close_notify}, or FIN. The other direction goes on. */
    public static void finishOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            tls.closeOutbound();
        }
    }

    /** Closes so that what is under way is seen to be cut short, if it is by its framing or by TLS. */
    public static void cut(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.close();
        } else {
            channel.pipeline().context(tls).close(); // past TLS, which would say close_notify
        }
    }

    /** Closes with a reset: what has been cut short must not look like an end, however it is delimited. */
    public static void reset(Channel channel) {
        if (channel.isOpen()) { // TLS closes before it tells what has failed
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        cut(channel);
    }
}
