package dev.sluice.engine.netty;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Decodes responses, knowing that a response to {@code HEAD} has no body whatever its head says (RFC 9112 §6.3). */
final class UpstreamDecoder extends HttpResponseDecoder {

    private boolean head;

    UpstreamDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Tells whether the next response answers a {@code HEAD}. */
    void expectAnswerTo(String method) {
        head = method.equals("HEAD");
    }

    /** Whether bytes have come that are part of nothing yet: behind a response, somebody else's beginning. */
    boolean holdsBytes() {
        return actualReadableBytes() > 0;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        boolean finalReply =
                message instanceof HttpResponse reply && reply.status().code() >= 200;
        return (head && finalReply) || super.isContentAlwaysEmpty(message);
    }
}
