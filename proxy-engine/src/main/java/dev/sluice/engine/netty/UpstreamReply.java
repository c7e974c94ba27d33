package dev.sluice.engine.netty;

import dev.sluice.engine.exchange.ReplyHead;
import dev.sluice.engine.http.Framing;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;

/** The head of an upstream's response, as decoded, and how its body is framed. */
record UpstreamReply(HttpResponse message, Framing framing) implements ReplyHead {

    @Override
    public int status() {
        return message.status().code();
    }

    @Override
    public List<String> setCookieLines() {
        return message.headers().getAll(HttpHeaderNames.SET_COOKIE);
    }
}
