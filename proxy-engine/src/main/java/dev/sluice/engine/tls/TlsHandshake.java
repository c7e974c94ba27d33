package dev.sluice.engine.tls;

import dev.sluice.engine.http.Peer;
import dev.sluice.engine.tls.ServerCertificates.Choice;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of a client's connection until its handshake is done. Then it hands on what is known of the connection
 * and leaves; the handlers that follow see the channel as active only from then on. A handshake that fails or is late ends
 * the connection.
 */
public final class TlsHandshake extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

    private final ServerCertificates certificates;
    private final Duration limit;
    private final Consumer<Peer.Tls> secured;
    private final Runnable refused;
    private boolean hasRefused;
    private @Nullable Choice choice;
    private @Nullable Future<?> deadline;

    private TlsHandshake(
            ServerCertificates certificates, Duration limit, Consumer<Peer.Tls> secured, Runnable refused) {
        this.certificates = certificates;
        this.limit = limit;
        this.secured = secured;
        this.refused = refused;
    }

    /**
     * Adds the handlers.
     *
     * @param limit for the whole handshake
     * @param secured given what is known of the connection; may add handlers, which then see the channel as active
     * @param refused told, once, if there will be no TLS, unless the client has left before it began
     */
    public static void begin(
            Channel channel, ServerTls tls, Duration limit, Consumer<Peer.Tls> secured, Runnable refused) {
        ServerCertificates certificates = tls.certificates();
        TlsHandshake handshake = new TlsHandshake(certificates, limit, secured, refused);
        channel.pipeline()
                .addLast(new ServerNameHandler(
                        certificates, chosen -> handshake.choice = chosen, why -> handshake.refuse(channel, why)))
                .addLast(handshake);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.channel().eventLoop().schedule(() -> late(ctx), limit.toMillis(), TimeUnit.MILLISECONDS);
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                succeeded(ctx);
            } else {
                refuse(ctx.channel(), done.cause()); // TLS closes the connection, once its alert has gone out
            }
        }
    }

    private void succeeded(ChannelHandlerContext ctx) {
        Choice chosen = Objects.requireNonNull(choice);
        Optional<X509Certificate> certificate;
        try {
            certificate =
                    chosen.verify(ctx.pipeline().get(SslHandler.class).engine().getSession());
        } catch (CertificateException e) {
            refuse(ctx.channel(), e);
            ctx.close();
            return;
        }
        ctx.pipeline().addLast(new CloseNotify());
        secured.accept(new Peer.Tls(host -> certificates.choose(host) == chosen, certificate));
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }

    /** Anybody can make a handshake fail, as often as he likes: the log is not the place to tell of it, unless one asks. */
    private void refuse(Channel channel, Object why) {
        LOG.debug("no TLS with {}: {}", channel.remoteAddress(), String.valueOf(why));
        if (!hasRefused) {
            hasRefused = true;
            refused.run();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // nobody's business yet
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        // nobody behind has been told of the channel
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(ctx.channel(), cause);
        ctx.close();
    }

    private void late(ChannelHandlerContext ctx) {
        refuse(ctx.channel(), "not in time");
        ctx.close();
    }
}
