package dev.sluice.engine.netty;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/** How much is read at once, and how much may wait to be written: together the bound on what a direction holds. */
final class ReadSize {

    private static final int SMALLEST = 1024;
    private static final int FIRST = 4096;
    static final int LARGEST = 256 * 1024;

    /** Above the high mark the other side is not read. */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    private ReadSize() {}

    /** Small while a connection is quiet, larger as a stream fills what it is given. One read at a time. */
    static RecvByteBufAllocator growing() {
        return new AdaptiveRecvByteBufAllocator(SMALLEST, FIRST, LARGEST).maxMessagesPerRead(1);
    }
}
