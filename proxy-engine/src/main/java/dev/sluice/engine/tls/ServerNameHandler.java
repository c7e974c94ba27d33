package dev.sluice.engine.tls;

import dev.sluice.engine.tls.ServerCertificates.Choice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server name that a client asks for, and makes place for the handshake with what was chosen by it. To plain HTTP
 * it answers what its sender got wrong.
 */
final class ServerNameHandler extends AbstractSniHandler<Choice> {

    /** With room for the keys of post-quantum cryptography. */
    private static final int LONGEST_HELLO = 16 * 1024;

    private static final int HANDSHAKE = 22;

    private static final String PLAIN_HTTP = "This port speaks HTTPS.\n";

    private final ServerCertificates certificates;
    private final Consumer<Choice> chosen;
    private final Consumer<String> unlike;
    private boolean refused;

    /** @param unlike told if what comes is not TLS */
    ServerNameHandler(ServerCertificates certificates, Consumer<Choice> chosen, Consumer<String> unlike) {
        super(LONGEST_HELLO, 0);
        this.certificates = certificates;
        this.chosen = chosen;
        this.unlike = unlike;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!refused && in.getByte(in.readerIndex()) == HANDSHAKE) {
            super.decode(ctx, in, out);
        } else {
            refuse(ctx, in);
        }
    }

    /** What comes behind is thrown away, so that it does not reset the answer; the handshake's deadline ends that. */
    private void refuse(ChannelHandlerContext ctx, ByteBuf in) {
        boolean http = Character.isUpperCase(in.getByte(in.readerIndex())); // as the methods' names are
        in.skipBytes(in.readableBytes());
        if (refused) {
            return;
        }
        refused = true;
        unlike.accept(http ? "plain HTTP" : "something else");
        if (!http) {
            ctx.close();
            return;
        }
        ByteBuf answer = ByteBufUtil.writeAscii(
                ctx.alloc(),
                "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        + "Content-Length: " + PLAIN_HTTP.length() + "\r\n\r\n" + PLAIN_HTTP);
        ctx.writeAndFlush(answer).addListener(sent -> ((DuplexChannel) ctx.channel()).shutdownOutput());
    }

    @Override
    protected Future<Choice> lookup(ChannelHandlerContext ctx, @Nullable String name) {
        Choice choice = certificates.choose(name == null ? null : withoutDot(name));
        chosen.accept(choice);
        return ctx.executor().newSucceededFuture(choice);
    }

    /** As the name's canonical form is, if a client does not keep to RFC 6066 §3. */
    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String name, Future<Choice> found) {
        SslHandler tls = HeapRecords.gather(found.getNow().context().newHandler(ctx.alloc()));
        tls.setHandshakeTimeoutMillis(0); // there is one deadline for all of it
        ctx.pipeline().replace(this, null, tls);
    }
}
