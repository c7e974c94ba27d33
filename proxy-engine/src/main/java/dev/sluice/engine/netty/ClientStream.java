package dev.sluice.engine.netty;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Timeouts;
import dev.sluice.engine.exchange.ClientSide;
import dev.sluice.engine.exchange.ExchangeTrace;
import dev.sluice.engine.exchange.ProxyExchange;
import dev.sluice.engine.exchange.ReplyHead;
import dev.sluice.engine.exchange.UpstreamSide;
import dev.sluice.engine.http.ClientHead;
import dev.sluice.engine.http.ClientRequest;
import dev.sluice.engine.http.Framing;
import dev.sluice.engine.http.UpstreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a client's connection, as the sockets see them: writes the heads, moves the bodies. The
 * {@link ProxyExchange} beside it decides.
 */
final class ClientStream implements ClientSide, UpstreamListener {

    private final ClientHandler client;
    private final Lane lane;
    private final ServerContext server;
    private final ClientRequest request;
    private final ProxyExchange exchange;
    private final RequestBody body;
    private final ExchangeTrace trace;

    private @Nullable UpstreamConnection upstream;
    private @Nullable BodyPump toClient;
    private @Nullable ExchangeWatch watch;
    private @Nullable Progress progress;
    private @Nullable Tunnel tunnel;
    private @Nullable Timeouts tunnelTimeouts;
    private boolean continued;
    private boolean untilClose;
    private boolean keepAlive;
    private boolean ended;

    ClientStream(ClientHandler client, Lane lane, ExchangeLoop loop, ClientRequest request) {
        this.client = client;
        this.lane = lane;
        this.server = lane.begin();
        this.request = request;
        this.trace = server.report().trace(request);
        this.exchange = new ProxyExchange(server.policy(), this, lane.pool(), loop, trace, request);
        this.body = new RequestBody(request, server.identityHeaders(), trace);
    }

    ProxyExchange exchange() {
        return exchange;
    }

    ClientRequest request() {
        return request;
    }

    /** The tunnel that this exchange has become, if it has. */
    @Nullable
    Tunnel tunnel() {
        return tunnel;
    }

    // ---- the request, from the client

    /** Whether the client's body can be passed on now. */
    boolean takesBody() {
        return body.wanted(this);
    }

    /** Whether the whole request has come. */
    boolean requestReceived() {
        return body.received();
    }

    /** The end of a request that has no body. */
    void emptyBodyReceived() {
        body.receiveNothing();
    }

    /** Some of the request's body; consumes it. */
    void requestBody(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            exchange.fail(Kind.CLIENT_PROTOCOL, content.decoderResult().cause());
            return;
        }
        client.loop().moved();
        int bytes = content.content().readableBytes();
        if (body.pass(content)) {
            requestWritten(Objects.requireNonNull(upstream));
        } else if (!body.received()) {
            watch().uploading(bytes, takesBody());
        }
        if (body.received() && watch != null) {
            watch.uploaded();
        }
    }

    private void requestWritten(UpstreamConnection to) {
        to.requestSent();
        exchange.onRequestSent();
    }

    /** What has been passed on goes out. */
    void flushRequest() {
        if (upstream != null && !ended) {
            upstream.channel().flush();
        }
    }

    // ---- ClientSide: what the exchange decides

    @Override
    public void send(UpstreamSide side, Forward forward, HeaderEdits edits, List<String> cookieLines) {
        UpstreamConnection to = (UpstreamConnection) side;
        Rewrite rewrite = forward.rewrite();
        upstream = to;
        toClient = new BodyPump(to.channel(), client.channel());
        to.begin(this, rewrite.method().orElse(request.method()), request);
        ByteBuf head = lane.head();
        try {
            UpstreamHead.write(
                    head,
                    request,
                    rewrite,
                    forward.upstream(),
                    edits,
                    cookieLines,
                    server.identityHeaders(),
                    server.forwarding());
        } catch (IllegalArgumentException e) {
            exchange.fail(Kind.COOKIE_ERROR, e);
            return;
        }
        to.write(head);
        if (body.sendTo(to, rewrite.body() == Rewrite.Body.DROP)) {
            requestWritten(to);
        }
        wantBody();
    }

    private void wantBody() {
        if (watch != null) {
            watch.readsOn();
        }
        client.bodyWanted();
    }

    @Override
    public void relayInterim(ReplyHead head) {
        continued |= head.status() == 100;
        boolean wanted = head.status() != 100 || request.expectsContinue();
        if (wanted && !request.http10()) {
            ByteBuf out = lane.head();
            ClientHead.writeInterim(out, ((UpstreamReply) head).message());
            client.response().head(out, Framing.NONE);
            client.response().flush();
        }
    }

    @Override
    public void relay(ReplyHead head, HeaderEdits edits, int retryAfter, List<String> setCookieLines) {
        UpstreamReply reply = (UpstreamReply) head;
        Framing framing = request.isHead() ? Framing.NONE : ClientHead.framing(request, reply.framing());
        untilClose = framing.isUntilClose();
        if (untilClose) {
            client.noticeEndOfInput();
        }
        // A client that still waits for a 100 may never send its body: what it sends next could be anything.
        boolean bodyMayNotCome = request.expectsContinue() && !body.received();
        keepAlive = request.keepAlive() && !untilClose && !bodyMayNotCome && client.reusableAfter(request);
        writeHead(reply, framing, edits, setCookieLines, retryAfter);
        body.release();
    }

    @Override
    public void respond(LocalResponse response, int retryAfter, List<String> setCookieLines) {
        keepAlive = request.keepAlive() && client.bodyAlreadyHere(this) && client.reusableAfter(request);
        ByteBuf out = lane.head();
        trace.sent(ClientHead.writeLocal(out, request, response, setCookieLines, keepAlive, retryAfter));
        client.response().head(out, Framing.NONE);
        client.response().flush();
    }

    @Override
    public void tunnel(ReplyHead head, HeaderEdits edits, Timeouts timeouts, List<String> setCookieLines) {
        keepAlive = true;
        writeHead((UpstreamReply) head, Framing.NONE, edits, setCookieLines, 0);
        client.response().flush();
        tunnelTimeouts = timeouts;
    }

    @Override
    public void abort() {
        keepAlive = false;
        client.abort(untilClose);
    }

    @Override
    public boolean bodyUntouched() {
        return !body.touched();
    }

    @Override
    public boolean canReplay() {
        return request.isIdempotent() && body.replayable();
    }

    @Override
    public boolean waitsForClient() {
        boolean takesNothing = toClient != null && toClient.paused();
        boolean awaitsContinue = request.expectsContinue() && !continued && !body.touched();
        boolean sendsNothing = !body.received() && takesBody() && !awaitsContinue;
        return takesNothing || sendsNothing;
    }

    @Override
    public boolean peersTakeBytes() {
        if (progress == null) {
            progress = new Progress();
        }
        return progress.made(client.channel(), upstream == null ? null : upstream.channel());
    }

    @Override
    public void finished(int status, @Nullable ProxyFailure failure) {
        ended = true;
        body.release();
        if (watch != null) {
            watch.cancel();
        }
        server.report().ended(trace, exchange.request(), status, failure);
        lane.end(server);
        client.ended(this, keepAlive);
    }

    // ---- UpstreamListener: the response, from the upstream

    @Override
    public void onInterimReply(UpstreamReply head) {
        exchange.onInterimReply(head);
    }

    @Override
    public void onReply(UpstreamReply head) {
        exchange.onReply(head);
    }

    @Override
    public void onReplyBody(ByteBuf content) {
        client.loop().moved();
        if (request.isHead()) {
            content.release(); // of a page that was asked for with GET in place of the answer
        } else {
            trace.sent(content.readableBytes());
            client.response().body(content);
        }
    }

    @Override
    public void onReplyEnd(HttpHeaders trailers) {
        if (tunnelTimeouts != null) {
            tunnel = new Tunnel(client, Objects.requireNonNull(upstream), exchange, trace, server, tunnelTimeouts);
            tunnel.start();
            return;
        }
        HttpHeaders asked = request.acceptsTrailers() ? trailers : EmptyHttpHeaders.INSTANCE;
        client.response().end(asked, server.identityHeaders());
        client.response().flush();
        exchange.onEnd();
    }

    @Override
    public void onReplyReadComplete() {
        if (tunnel == null && toClient != null) {
            client.response().flush();
            toClient.next();
            if (exchange.isCommitted()) {
                watch();
            }
        }
    }

    private ExchangeWatch watch() {
        if (watch == null) {
            watch = new ExchangeWatch(exchange, client.channel().eventLoop(), server);
        }
        return watch;
    }

    @Override
    public void onUpstreamWritable() {
        wantBody();
    }

    /** The client can take more of the response. */
    void onClientWritable() {
        if (toClient != null && tunnel == null) {
            toClient.sinkWritable();
        }
    }

    @Override
    public void onReplyFailed(Kind kind, @Nullable Throwable cause) {
        if (kind == Kind.UPSTREAM_CLOSED) {
            exchange.onUpstreamClosed(cause);
        } else {
            exchange.fail(kind, cause);
        }
    }

    private void writeHead(
            UpstreamReply reply, Framing framing, HeaderEdits edits, List<String> setCookieLines, int retryAfter) {
        ByteBuf out = lane.head();
        ClientHead.write(out, request, reply.message(), edits, setCookieLines, reply.framing(), keepAlive, retryAfter);
        client.response().head(out, framing);
    }
}
