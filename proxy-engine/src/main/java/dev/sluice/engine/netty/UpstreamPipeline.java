package dev.sluice.engine.netty;

import dev.sluice.api.Upstream;
import dev.sluice.engine.tls.ClientTls;
import dev.sluice.engine.tls.CloseNotify;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The handlers of a connection to an upstream, in order. Heads are written as bytes, so there is no encoder. */
final class UpstreamPipeline extends ChannelInitializer<Channel> {

    private final ConnectionPool pool;
    private final Upstream upstream;
    private final @Nullable ClientTls tls;
    private final Duration handshake;
    private final HttpDecoderConfig decoding;

    /**
     * @param tls null for a connection in the clear
     * @param handshake how long TLS's may take
     */
    UpstreamPipeline(
            ConnectionPool pool,
            Upstream upstream,
            @Nullable ClientTls tls,
            Duration handshake,
            HttpDecoderConfig decoding) {
        this.pool = pool;
        this.upstream = upstream;
        this.tls = tls;
        this.handshake = handshake;
        this.decoding = decoding;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (tls != null) {
            channel.pipeline()
                    .addLast(tls.handler(channel.alloc(), upstream.host(), upstream.port(), handshake))
                    .addLast(new CloseNotify());
        }
        UpstreamDecoder decoder = new UpstreamDecoder(decoding);
        channel.pipeline().addLast(decoder);
        channel.pipeline().addLast(new UpstreamConnection(pool, upstream, channel, decoder));
    }
}
