package dev.sluice.engine.netty;

import dev.sluice.api.ProxyFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Hears what an upstream sends in answer to one request. */
interface UpstreamListener {

    /** A 1xx head other than 101. */
    void onInterimReply(UpstreamReply head);

    /** The head of the final response, or a 101. */
    void onReply(UpstreamReply head);

    /** Some of the response's body, which the listener releases. */
    void onReplyBody(ByteBuf content);

    /** The response is complete. */
    void onReplyEnd(HttpHeaders trailers);

    /** What one read brought has been delivered. */
    void onReplyReadComplete();

    /** The connection to the upstream can take more of the request. */
    void onUpstreamWritable();

    /** No response, or no more of it, will come. The connection is of no further use. */
    void onReplyFailed(Kind kind, @Nullable Throwable cause);
}
