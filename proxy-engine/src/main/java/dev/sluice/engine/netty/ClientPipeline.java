package dev.sluice.engine.netty;

import dev.sluice.engine.ProxySettings.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.util.function.Function;

/** The handlers of a client's connection, in order. Heads are written as bytes, so there is no encoder. */
public final class ClientPipeline extends ChannelInitializer<Channel> {

    static final String DECODER = "decoder";

    private final ServerContext server;
    private final Function<Channel, ConnectionPool> pools;
    private final ClientConnections connections;

    public ClientPipeline(
            ServerContext server, Function<Channel, ConnectionPool> pools, ClientConnections connections) {
        this.server = server;
        this.pools = pools;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        ClientDecoder decoder = new ClientDecoder(decoding(server.settings().limits()));
        channel.pipeline().addLast(DECODER, decoder);
        channel.pipeline().addLast(new ClientHandler(server, pools.apply(channel), connections, decoder));
    }

    /** Netty's strict defaults, with chunks as large as a read, so that a large body is not cut into small pieces. */
    public static HttpDecoderConfig decoding(Limits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLine())
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(ReadSize.LARGEST);
    }
}
