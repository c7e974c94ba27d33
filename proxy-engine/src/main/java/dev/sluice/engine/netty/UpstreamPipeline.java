package dev.sluice.engine.netty;

import dev.sluice.api.Upstream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/** The handlers of a connection to an upstream, in order. Heads are written as bytes, so there is no encoder. */
final class UpstreamPipeline extends ChannelInitializer<Channel> {

    static final String DECODER = "decoder";

    private final ConnectionPool pool;
    private final Upstream upstream;
    private final @Nullable SslContext tls;
    private final HttpDecoderConfig decoding;

    UpstreamPipeline(ConnectionPool pool, Upstream upstream, @Nullable SslContext tls, HttpDecoderConfig decoding) {
        this.pool = pool;
        this.upstream = upstream;
        this.tls = tls;
        this.decoding = decoding;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc(), upstream.host(), upstream.port()));
        }
        UpstreamDecoder decoder = new UpstreamDecoder(decoding);
        channel.pipeline().addLast(DECODER, decoder);
        channel.pipeline().addLast(new UpstreamConnection(pool, upstream, channel, decoder));
    }
}
