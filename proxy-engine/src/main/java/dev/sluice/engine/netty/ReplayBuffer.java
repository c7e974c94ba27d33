package dev.sluice.engine.netty;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The first bytes of a request's body, kept while they might have to be sent once more because a pooled connection turned
 * out to be closed. Beyond its limit it keeps nothing.
 */
final class ReplayBuffer {

    private static final int LIMIT = 64 * 1024;

    private final List<ByteBuf> parts = new ArrayList<>();
    private int size;
    private boolean whole = true;

    /** Whether everything that was passed on so far is kept. */
    boolean isWhole() {
        return whole;
    }

    void keep(ByteBuf content) {
        size += content.readableBytes();
        if (whole && size <= LIMIT) {
            parts.add(content.retainedDuplicate());
        } else {
            release();
        }
    }

    /** What was kept, each part to be released by the caller. */
    List<ByteBuf> copies() {
        return parts.stream().map(ByteBuf::retainedDuplicate).toList();
    }

    void release() {
        whole = false;
        parts.forEach(ByteBuf::release);
        parts.clear();
    }
}
