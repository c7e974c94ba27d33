package dev.sluice.engine.netty;

import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.Limits;
import dev.sluice.engine.Refusal;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.proxyprotocol.ProxyHeaderDecoder;
import dev.sluice.engine.tls.ServerTls;
import dev.sluice.engine.tls.TlsHandshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of a client's connection, in order; what a connection begins with before HTTP adds the next ones when it is
 * done. Heads are written as bytes, so there is no encoder.
 */
public final class ClientPipeline extends ChannelInitializer<Channel> {

    static final String DECODER = "decoder";

    private final Lanes lanes;
    private final ClientConnections connections;
    private final @Nullable ServerTls tls;

    /** @param tls null for connections in the clear */
    public ClientPipeline(Lanes lanes, ClientConnections connections, @Nullable ServerTls tls) {
        this.lanes = lanes;
        this.connections = connections;
        this.tls = tls;
    }

    @Override
    protected void initChannel(Channel channel) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        ProxySettings settings = lanes.of(channel).current().settings();
        boolean proxyHeader = settings.listen().expectsProxyHeader(peer);
        if (proxyHeader || tls != null) {
            connections.arriving(channel);
        }
        if (proxyHeader) {
            Duration limit = settings.timeouts().requestHead();
            channel.pipeline()
                    .addLast(new ProxyHeaderDecoder(
                            limit, client -> addTls(channel, client), () -> connections.refused(Refusal.PROXY_HEADER)));
        } else {
            addTls(channel, peer);
        }
    }

    private void addTls(Channel channel, InetSocketAddress address) {
        if (tls == null) {
            addHttp(channel, Peer.plain(address));
        } else {
            Duration limit = lanes.of(channel).current().settings().timeouts().tlsHandshake();
            TlsHandshake.begin(
                    channel,
                    tls,
                    limit,
                    secured -> addHttp(channel, new Peer(address, secured)),
                    () -> connections.refused(Refusal.TLS));
        }
    }

    private void addHttp(Channel channel, Peer peer) {
        Lane lane = lanes.of(channel);
        ClientDecoder decoder =
                new ClientDecoder(decoding(lane.current().settings().limits()));
        channel.pipeline().addLast(DECODER, decoder);
        channel.pipeline().addLast(new ClientHandler(lane, connections, decoder, peer));
    }

    /** Netty's strict defaults, with chunks as large as a read, so that a large body is not cut into small pieces. */
    public static HttpDecoderConfig decoding(Limits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLine())
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(ReadSize.LARGEST);
    }
}
