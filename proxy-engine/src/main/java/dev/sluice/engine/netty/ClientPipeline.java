package dev.sluice.engine.netty;

import dev.sluice.engine.ProxySettings.Limits;
import dev.sluice.engine.proxyprotocol.ProxyHeaderDecoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;

/**
 * The handlers of a client's connection, in order; what a connection begins with before HTTP adds the next ones when it is
 * done. Heads are written as bytes, so there is no encoder.
 */
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
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        if (server.settings().listen().expectsProxyHeader(peer)) {
            connections.arriving(channel);
            Duration limit = server.settings().timeouts().requestHead();
            channel.pipeline().addLast(new ProxyHeaderDecoder(limit, client -> addHttp(channel, client)));
        } else {
            addHttp(channel, peer);
        }
    }

    private void addHttp(Channel channel, InetSocketAddress peer) {
        ClientDecoder decoder = new ClientDecoder(decoding(server.settings().limits()));
        channel.pipeline().addLast(DECODER, decoder);
        channel.pipeline().addLast(new ClientHandler(server, pools.apply(channel), connections, decoder, peer));
    }

    /** Netty's strict defaults, with chunks as large as a read, so that a large body is not cut into small pieces. */
    public static HttpDecoderConfig decoding(Limits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLine())
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(ReadSize.LARGEST);
    }
}
