package dev.sluice.engine.netty;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.engine.http.ClientHead;
import dev.sluice.engine.http.ClientRequest;
import dev.sluice.engine.http.Framing;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RefusedHead;
import dev.sluice.engine.tls.Endings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client: takes its requests one at a time, in order, and reads no further than somebody can use.
 *
 * <p>What has been decoded and is nobody's turn yet waits in the backlog, which holds no more than one read brought.
 */
final class ClientHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ClientHandler.class);
    private static final LocalResponse TOO_MANY_CONNECTIONS =
            LocalResponse.text(429, "Too many connections from your address.\n").withHeader("Retry-After", "1");

    /** How many requests of one connection have a number of their own. */
    private static final int SEQUENCE_BITS = 24;

    private final Lane lane;
    private final ClientConnections connections;
    private final Peer peer;
    private final Backlog backlog = new Backlog();
    private @Nullable ClientDecoder decoder;
    private @Nullable Channel channel;
    private @Nullable ResponseWriter response;
    private @Nullable Deadline deadline;
    private @Nullable ExchangeLoop loop;
    private @Nullable ClientStream stream;
    private long sequence;
    private boolean advancing;
    private boolean somethingDecoded;
    private boolean headBegun;
    private boolean closing;
    private volatile boolean draining;

    ClientHandler(Lane lane, ClientConnections connections, ClientDecoder decoder, Peer peer) {
        this.sequence = connections.nextNumber() << SEQUENCE_BITS;
        this.lane = lane;
        this.connections = connections;
        this.decoder = decoder;
        this.peer = peer;
    }

    Channel channel() {
        return Objects.requireNonNull(channel);
    }

    ExchangeLoop loop() {
        return Objects.requireNonNull(loop);
    }

    private ClientDecoder decoder() {
        return Objects.requireNonNull(decoder);
    }

    boolean draining() {
        return draining;
    }

    /**
     * Whether a request may follow {@code request}: not while draining, nor where bytes for a tunnel came behind it, nor
     * behind as many as a connection may carry.
     */
    boolean reusableAfter(ClientRequest request) {
        boolean last = (sequence & ((1 << SEQUENCE_BITS) - 1))
                >= lane.current().settings().limits().requestsPerConnection();
        return !draining && !last && !(request.webSocket() && decoder().holdsBytes());
    }

    ResponseWriter response() {
        return Objects.requireNonNull(response);
    }

    // ---- what comes in

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        response = new ResponseWriter(channel);
        deadline = new Deadline(ctx.channel().eventLoop(), this::onDeadline);
        loop = new ExchangeLoop(ctx.channel().eventLoop(), deadline);
        switch (connections.opened(this, peer.address().getAddress())) {
            case SERVED -> {
                awaitRequest();
                ctx.read();
            }
            case ANSWERED -> refuse(TOO_MANY_CONNECTIONS, "too many connections of one address");
            case CUT -> abort(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        somethingDecoded = true;
        backlog.add(message);
        if (backlog.requests() > mostPipelined()) {
            abort(false);
        }
    }

    /** If no request is being served, the first that comes has nothing to wait for. */
    private int mostPipelined() {
        return lane.current().settings().limits().pipelined() + (stream == null ? 1 : 0);
    }

    /** What one read brought is looked at as a whole: an answer to a head may depend on whether its body has come too. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean partOfAHead = decoder().tookBytes() && !somethingDecoded;
        somethingDecoded = false;
        advance();
        if (partOfAHead && stream == null && !headBegun && !closing) {
            headBegun = true;
            loop().deadline(lane.current().settings().timeouts().requestHead().toMillis());
        }
        readOn();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel().isWritable()) {
            if (stream != null) {
                stream.onClientWritable();
            }
            advance();
            readOn();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        if (stream != null) {
            stream.exchange().fail(Kind.CLIENT_CLOSED, null);
        }
        closed();
    }

    /**
     * From here on the client's end of input is told instead of being answered with an end of the connection, which would look
     * like that of a response that the end delimits.
     */
    void noticeEndOfInput() {
        channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && stream != null) {
            stream.exchange().fail(Kind.CLIENT_CLOSED, null);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn(
                    "{} closing a client's connection",
                    stream == null ? "-" : stream.request().id(),
                    cause);
        }
        if (stream != null) {
            stream.exchange().fail(cause instanceof IOException ? Kind.CLIENT_CLOSED : Kind.INTERNAL, cause);
        }
        ctx.close();
    }

    private void onDeadline() {
        if (stream != null) {
            stream.exchange().onDeadline();
        } else if (headBegun) {
            refuse(LocalResponse.status(408), "no whole head in time");
        } else {
            channel().close();
        }
    }

    // ---- whose turn it is

    /** Gives the backlog's messages to whoever is due, as long as somebody is. */
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (!backlog.isEmpty() && take(backlog.first())) {
                // the next one
            }
        } finally {
            advancing = false;
        }
        if (stream != null) {
            stream.flushRequest();
        }
    }

    private boolean take(Object message) {
        ClientStream current = stream;
        if (closing) {
            backlog.dropFirst();
            return true;
        }
        if (current == null) {
            return takeUnowned(message);
        }
        if (!(message instanceof HttpContent content) || current.requestReceived()) {
            return false; // a later request
        }
        if (content == LastHttpContent.EMPTY_LAST_CONTENT
                && !current.request().framing().mayHaveBody()) {
            backlog.removeFirst();
            current.emptyBodyReceived();
            return true;
        }
        if (!current.takesBody()) {
            return false;
        }
        backlog.removeFirst();
        current.requestBody(content);
        return true;
    }

    private boolean takeUnowned(Object message) {
        if (!(message instanceof HttpRequest head)) {
            backlog.dropFirst(); // the rest of a request that has been answered
            return true;
        }
        if (!channel().isWritable()) {
            return false; // a client that does not read its responses gets no more of them
        }
        backlog.removeFirst();
        begin(head);
        return true;
    }

    private void begin(HttpRequest head) {
        headBegun = false;
        ClientRequest request;
        try {
            request = lane.current().rules().accept(head, peer, ++sequence);
            Objects.requireNonNull(deadline).clear();
        } catch (RefusedHead e) {
            refuse(e.response(), String.valueOf(e.getMessage()));
            return;
        }
        ClientStream begun = new ClientStream(this, lane, loop(), request);
        stream = begun;
        begun.exchange().start();
    }

    /** Whether all of the request of {@code current} is here, so that the connection can be used again after it. */
    boolean bodyAlreadyHere(ClientStream current) {
        return current.requestReceived() || !current.request().framing().mayHaveBody() || backlog.holdsEnd();
    }

    /** The current exchange can take some of its request's body. */
    void bodyWanted() {
        advance();
        readOn();
    }

    /**
     * Reads on if somebody can use it; behind a whole request, so that the client's leaving is noticed. While its body has to
     * wait, Java's own transport does not see it leave: then the upstream's taking some of the body ends the exchange, or
     * the idle deadline. One more read would not help, for it finds what the system has buffered before it finds the end.
     */
    private void readOn() {
        boolean usable = stream == null || stream.requestReceived() || stream.takesBody();
        if (!closing && usable && backlog.isEmpty() && !decoder().holdsBytes()) {
            channel().read();
        }
    }

    private void awaitRequest() {
        headBegun = false;
        Objects.requireNonNull(deadline).clear();
        loop().deadline(lane.current().settings().timeouts().keepAliveIdle().toMillis());
    }

    // ---- how it ends

    /** An exchange has ended. The connection goes on if {@code keepAlive}, and if the request has been read to its end. */
    void ended(ClientStream over, boolean keepAlive) {
        boolean wholeRequest = bodyAlreadyHere(over);
        stream = null;
        if (closing) {
            return;
        }
        if (over.tunnel() != null) {
            closing = true;
            channel().close();
        } else if (!wholeRequest || !keepAlive || !reusableAfter(over.request())) {
            linger();
        } else {
            if (over.request().webSocket()) {
                decoder().resume();
            }
            awaitRequest();
            advance();
            readOn();
        }
    }

    private void refuse(LocalResponse answer, String reason) {
        ByteBuf out = lane.head();
        ClientHead.writeLocal(out, null, answer, List.of(), false);
        response().head(out, Framing.NONE);
        lane.current().report().refused(peer.address().getAddress(), answer.status(), reason);
        linger();
    }

    private void linger() {
        retire();
        LingeringClose.take(channel(), this);
    }

    /**
     * Cuts the connection; by a reset where a plain close would look like the end of the response. What the same read has
     * brought before it went wrong still goes out: a head that has been reported is one that the client has seen.
     */
    void abort(boolean reset) {
        closing = true;
        response().flush();
        if (reset) {
            Endings.reset(channel());
        } else {
            Endings.cut(channel());
        }
    }

    /** No request will be taken any more. */
    private void retire() {
        closing = true;
        Objects.requireNonNull(deadline).cancel();
        backlog.clear();
    }

    /** The connection is gone. */
    void closed() {
        retire();
        connections.closed(this);
    }

    /** Ends the connection as soon as it is at rest; a tunnel is told that the proxy goes away. */
    void drain() {
        draining = true;
        channel().eventLoop().execute(() -> {
            if (closing) {
                return;
            }
            if (stream == null) {
                retire();
                // The end of the last response may still be waiting for a slow client.
                channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            } else if (stream.tunnel() != null) {
                stream.tunnel().close(1001, Kind.SHUTDOWN);
            }
        });
    }

    /** Ends the connection now. */
    void shutDown() {
        channel().eventLoop().execute(() -> {
            if (stream != null) {
                stream.exchange().fail(Kind.SHUTDOWN, null);
            }
            channel().close();
        });
    }

    /** Hands the connection to a tunnel, with the bytes that came behind the handshake. */
    void handOver(Tunnel joined, TunnelEnd end) {
        connections.joined(this, joined);
        channel().pipeline().replace(this, "tunnel", end);
        Objects.requireNonNull(deadline).clear();
        channel().pipeline().remove(decoder());
        decoder = null; // for as long as the tunnel lasts
    }
}
