package dev.sluice.engine.netty;

import dev.sluice.engine.http.ChunkedBody;
import dev.sluice.engine.http.IdentityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;

/** Writes a body's bytes as they are, in chunks where the head said so (RFC 9112 §7.1). */
final class BodyWriter {

    private static final ByteBuf CRLF = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(2).writeShort('\r' << 8 | '\n').asReadOnly());

    private BodyWriter() {}

    /** Writes some of a body; {@code content} is not empty, and is released when it has gone out. */
    static void write(Channel to, ByteBuf content, boolean chunked) {
        if (chunked) {
            ByteBuf size = to.alloc().buffer(16);
            ChunkedBody.writeChunkHead(size, content.readableBytes());
            to.write(size, to.voidPromise());
        }
        to.write(content, to.voidPromise());
        if (chunked) {
            to.write(CRLF.duplicate(), to.voidPromise());
        }
    }

    /** Writes the end of a body in chunks. */
    static void writeEnd(Channel to, HttpHeaders trailers, IdentityHeaders identity) {
        ByteBuf last = to.alloc().buffer(64);
        ChunkedBody.writeLast(last, trailers, identity);
        to.write(last, to.voidPromise());
    }
}
