package dev.sluice.engine.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;

/**
 * Gathers in heap buffers what comes for the JDK's TLS. It deciphers in place; and where a record turns out to be forged or
 * broken, JDK 25 wipes a direct buffer from its very first byte (17 wipes nothing). Behind a pooled buffer that is the first
 * byte of a chunk, which holds what is on its way to others. In a heap buffer it wipes what it has deciphered and no more.
 */
final class HeapRecords implements Cumulator {

    private static final HeapRecords INSTANCE = new HeapRecords();

    private HeapRecords() {}

    static SslHandler gather(SslHandler handler) {
        if (!(handler.engine() instanceof ReferenceCountedOpenSslEngine)) {
            handler.setCumulator(INSTANCE);
        }
        return handler;
    }

    @Override
    public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf held, ByteBuf more) {
        try {
            boolean room = held.hasArray() && held.maxFastWritableBytes() >= more.readableBytes();
            return (room ? held : moved(allocator, held, more.readableBytes())).writeBytes(more);
        } finally {
            more.release();
        }
    }

    private static ByteBuf moved(ByteBufAllocator allocator, ByteBuf held, int more) {
        ByteBuf larger = allocator.heapBuffer(held.readableBytes() + more).writeBytes(held);
        held.release();
        return larger;
    }
}
