package dev.sluice.engine.netty;

import dev.sluice.api.Upstream;
import dev.sluice.engine.exchange.UpstreamSide;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Opens connections to upstreams: looks the name up, tries its addresses in turn, and waits for TLS to stand. */
final class Connector {

    private final Transports transports;
    private final Executor blocking;
    private final SslContext tls;
    private final HttpDecoderConfig decoding;
    private final int connectMillis;

    Connector(Transports transports, Executor blocking, SslContext tls, HttpDecoderConfig decoding, int connectMillis) {
        this.transports = transports;
        this.blocking = blocking;
        this.tls = tls;
        this.decoding = decoding;
        this.connectMillis = connectMillis;
    }

    /** The stage completes on the pool's loop. */
    CompletionStage<UpstreamSide> connect(ConnectionPool pool, Upstream upstream) {
        CompletableFuture<UpstreamSide> answer = new CompletableFuture<>();
        String host = upstream.host();
        if (isLiteral(host)) {
            try {
                connect(pool, upstream, InetAddress.getAllByName(host), 0, answer);
            } catch (UnknownHostException e) {
                answer.completeExceptionally(e);
            }
        } else {
            // The system's resolver blocks, and caches as the JVM is told to (networkaddress.cache.ttl).
            blocking.execute(() -> {
                try {
                    InetAddress[] addresses = InetAddress.getAllByName(host);
                    pool.loop().execute(() -> connect(pool, upstream, addresses, 0, answer));
                } catch (UnknownHostException e) {
                    pool.loop().execute(() -> answer.completeExceptionally(e));
                }
            });
        }
        return answer;
    }

    private void connect(
            ConnectionPool pool,
            Upstream upstream,
            InetAddress[] addresses,
            int at,
            CompletableFuture<UpstreamSide> answer) {
        new Bootstrap()
                .group(pool.loop())
                .channel(transports.clientChannel())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                .option(ChannelOption.RECVBUF_ALLOCATOR, ReadSize.growing())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, ReadSize.WATER_MARK)
                .handler(new UpstreamPipeline(pool, upstream, upstream.tls() ? tls : null, decoding))
                .connect(new InetSocketAddress(addresses[at], upstream.port()))
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        ready(((io.netty.channel.ChannelFuture) connected).channel(), answer);
                    } else if (at + 1 < addresses.length) {
                        connect(pool, upstream, addresses, at + 1, answer);
                    } else {
                        answer.completeExceptionally(connected.cause());
                    }
                });
    }

    private static void ready(Channel channel, CompletableFuture<UpstreamSide> answer) {
        UpstreamConnection connection = channel.pipeline().get(UpstreamConnection.class);
        SslHandler handshake = channel.pipeline().get(SslHandler.class);
        if (handshake == null) {
            answer.complete(connection);
            return;
        }
        channel.read();
        handshake.handshakeFuture().addListener((Future<@Nullable Channel> done) -> {
            if (done.isSuccess()) {
                answer.complete(connection);
            } else {
                answer.completeExceptionally(done.cause());
                channel.close();
            }
        });
    }

    private static boolean isLiteral(String host) {
        char last = host.charAt(host.length() - 1);
        return last == ']' || (last >= '0' && last <= '9' && host.matches("[0-9.]+"));
    }
}
