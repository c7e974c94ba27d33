package dev.sluice.engine.netty;

import dev.sluice.api.Upstream;
import dev.sluice.engine.exchange.UpstreamSide;
import dev.sluice.engine.tls.ClientTls;
import dev.sluice.engine.tls.UpstreamTlsException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Opens connections to upstreams: looks the name up, tries its addresses in turn, and waits for TLS to stand. */
final class Connector {

    private final Transports transports;
    private final Executor blocking;
    private final ClientTls tls;
    private final HttpDecoderConfig decoding;

    Connector(Transports transports, Executor blocking, ClientTls tls, HttpDecoderConfig decoding) {
        this.transports = transports;
        this.blocking = blocking;
        this.tls = tls;
        this.decoding = decoding;
    }

    /** The stage completes on the pool's loop. */
    CompletionStage<UpstreamSide> connect(ConnectionPool pool, Upstream upstream, Duration limit) {
        CompletableFuture<UpstreamSide> answer = new CompletableFuture<>();
        String host = upstream.host();
        if (isLiteral(host)) {
            try {
                connect(pool, upstream, limit, InetAddress.getAllByName(host), 0, answer);
            } catch (UnknownHostException e) {
                answer.completeExceptionally(e);
            }
        } else {
            // The system's resolver blocks, and caches as the JVM is told to (networkaddress.cache.ttl).
            blocking.execute(() -> {
                try {
                    InetAddress[] addresses = InetAddress.getAllByName(host);
                    pool.loop().execute(() -> connect(pool, upstream, limit, addresses, 0, answer));
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
            Duration limit,
            InetAddress[] addresses,
            int at,
            CompletableFuture<UpstreamSide> answer) {
        boolean last = at + 1 == addresses.length;
        new Bootstrap()
                .group(pool.loop())
                .channel(transports.clientChannel())
                .option(ChannelOption.ALLOCATOR, EventLoops.allocator())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.AUTO_CLOSE, false) // what cannot be written to may still have been answered
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, share(limit, addresses.length, last))
                .option(ChannelOption.RECVBUF_ALLOCATOR, ReadSize.growing())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, ReadSize.WATER_MARK)
                .handler(new UpstreamPipeline(pool, upstream, upstream.tls() ? tls : null, limit, decoding))
                .connect(new InetSocketAddress(addresses[at], upstream.port()))
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        pool.opened(((ChannelFuture) connected).channel());
                        ready(((ChannelFuture) connected).channel(), answer);
                    } else if (last) {
                        answer.completeExceptionally(connected.cause());
                    } else {
                        connect(pool, upstream, limit, addresses, at + 1, answer);
                    }
                });
    }

    /**
     * One address's share of {@code limit}, so that one that never answers leaves time for the others. The last one is
     * given up a little later than its caller gives up, who then knows that it was time that ran out.
     */
    private static int share(Duration limit, int addresses, boolean last) {
        long millis = last ? limit.toMillis() + 1000 : limit.toMillis() / addresses;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis));
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
                answer.completeExceptionally(new UpstreamTlsException(connection.upstream(), done.cause()));
                channel.close();
            }
        });
    }

    private static boolean isLiteral(String host) {
        char last = host.charAt(host.length() - 1);
        return last == ']' || (last >= '0' && last <= '9' && host.matches("[0-9.]+"));
    }
}
