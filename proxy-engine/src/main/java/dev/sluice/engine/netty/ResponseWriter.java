package dev.sluice.engine.netty;

import dev.sluice.engine.http.Framing;
import dev.sluice.engine.http.IdentityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Writes responses to a client's connection, one after another. */
final class ResponseWriter {

    /** Of a body so short, to copy it behind its head costs less than a second buffer in the system call. */
    private static final int SHORT = 1024;

    private final Channel client;
    private @Nullable ByteBuf begun;
    private boolean chunked;

    ResponseWriter(Channel client) {
        this.client = client;
    }

    /** Writes a copy of {@code head}, whose body is framed as {@code framing}, if one follows. */
    void head(ByteBuf head, Framing framing) {
        chunked = framing.isChunked();
        int room = framing.length() > SHORT ? 0 : (int) Math.max(0, framing.length());
        ByteBuf out = client.alloc().buffer(head.readableBytes() + room);
        out.writeBytes(head.array(), head.arrayOffset(), head.readableBytes()); // needs no view of it, on any JDK
        if (room == 0) {
            write(out);
        } else {
            begun = out;
        }
    }

    /** Writes some of the body; {@code content} is not empty, and is released when it has gone out. */
    void body(ByteBuf content) {
        if (begun != null && content.readableBytes() <= begun.writableBytes()) {
            begun.writeBytes(content);
            content.release();
        } else {
            writeBegun();
            BodyWriter.write(client, content, chunked);
        }
    }

    /** Writes the end of the body, with {@code trailers} if it is in chunks. */
    void end(HttpHeaders trailers, IdentityHeaders identity) {
        if (chunked) {
            BodyWriter.writeEnd(client, trailers, identity);
        }
    }

    /** What has been written goes out. */
    void flush() {
        writeBegun();
        client.flush();
    }

    private void writeBegun() {
        if (begun != null) {
            ByteBuf out = begun;
            begun = null;
            write(out);
        }
    }

    private void write(ByteBuf bytes) {
        client.write(bytes, client.voidPromise());
    }
}
