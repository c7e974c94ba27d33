package dev.sluice.engine.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Tells a peer that takes bytes slowly from one that takes none. */
final class Progress {

    private long before;

    /**
     * Whether {@code channel}'s peer has taken any byte since this was asked last. The first time nothing is known, and
     * bytes that wait are given the benefit of the doubt.
     */
    boolean made(Channel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        long now = waiting == null ? 0 : waiting.totalPendingWriteBytes();
        if (now > 0 && waiting != null && waiting.current() instanceof ByteBuf begun) {
            now = now << 32 | begun.readerIndex(); // a large buffer goes out in parts
        }
        boolean made = now != before;
        before = now;
        return made;
    }
}
