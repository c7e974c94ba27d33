package dev.sluice.engine.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** Tells peers that take bytes slowly from peers that take none. */
final class Progress {

    private long client;
    private long upstream;

    /**
     * Whether either peer has taken any byte since this was asked last. The first time nothing is known, and bytes that wait
     * are given the benefit of the doubt.
     */
    boolean made(Channel toClient, @Nullable Channel toUpstream) {
        long clientNow = waiting(toClient);
        long upstreamNow = toUpstream == null ? 0 : waiting(toUpstream);
        boolean made = clientNow != client || upstreamNow != upstream;
        client = clientNow;
        upstream = upstreamNow;
        return made;
    }

    private static long waiting(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long bytes = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        if (bytes > 0 && buffer.current() instanceof ByteBuf begun) {
            return bytes << 32 | begun.readerIndex(); // a large buffer goes out in parts
        }
        return bytes;
    }
}
