package dev.sluice.engine.netty;

import dev.sluice.engine.exchange.ExchangeTrace;
import dev.sluice.engine.http.ClientRequest;
import dev.sluice.engine.http.IdentityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request's body on its way to the upstream, and what of it would have to be sent again on another connection. */
final class RequestBody {

    private final ClientRequest request;
    private final IdentityHeaders identityHeaders;
    private final ExchangeTrace trace;
    private @Nullable UpstreamConnection upstream;
    private @Nullable ReplayBuffer replay;
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private boolean dropped;
    private boolean touched;
    private boolean received;

    RequestBody(ClientRequest request, IdentityHeaders identityHeaders, ExchangeTrace trace) {
        this.trace = trace;
        this.request = request;
        this.identityHeaders = identityHeaders;
    }

    /** Whether the whole request has come from the client. */
    boolean received() {
        return received;
    }

    /** Whether any byte has been passed on. */
    boolean touched() {
        return touched;
    }

    /** Whether what has been passed on could be sent once more. */
    boolean replayable() {
        return !touched || (replay != null && replay.isWhole());
    }

    /** Whether some of it can be passed on now: if it has somewhere to go in {@code exchange}, and there is room. */
    boolean wanted(UpstreamListener exchange) {
        return dropped
                || (upstream != null
                        && upstream.carries(exchange)
                        && upstream.channel().isWritable());
    }

    /** The end of a request that has no body. */
    void receiveNothing() {
        received = true;
    }

    /**
     * Lets the body go to {@code to}, beginning with what another connection was sent in vain: all of it, some, or only its
     * end.
     *
     * @return whether the body has gone there to its end
     */
    boolean sendTo(UpstreamConnection to, boolean drop) {
        upstream = to;
        dropped = drop;
        if (drop || !request.framing().mayHaveBody()) {
            return true;
        }
        if (replay != null) {
            for (ByteBuf part : replay.copies()) {
                BodyWriter.write(to.channel(), part, request.framing().isChunked());
            }
            release();
        }
        if (received) {
            writeEnd(to);
            return true;
        }
        if (to.reused() && request.isIdempotent() && !touched) {
            replay = new ReplayBuffer();
        }
        return false;
    }

    /**
     * Passes some of the body on; consumes it.
     *
     * @return whether that was the end of it, and it has gone to the upstream
     */
    boolean pass(HttpContent content) {
        if (content instanceof LastHttpContent last) {
            received = true;
            trailers = last.trailingHeaders();
        }
        ByteBuf bytes = content.content();
        trace.received(bytes.readableBytes());
        if (dropped || !bytes.isReadable()) {
            content.release();
        } else {
            touched = true;
            if (replay != null) {
                replay.keep(bytes);
            }
            BodyWriter.write(upstream().channel(), bytes, request.framing().isChunked());
        }
        if (dropped || !received) {
            return false;
        }
        writeEnd(upstream());
        return true;
    }

    private void writeEnd(UpstreamConnection to) {
        if (request.framing().isChunked()) {
            BodyWriter.writeEnd(to.channel(), trailers, identityHeaders);
        }
    }

    /** Nothing will have to be sent again. */
    void release() {
        if (replay != null) {
            replay.release();
            replay = null;
        }
    }

    private UpstreamConnection upstream() {
        return Objects.requireNonNull(upstream, "upstream");
    }
}
