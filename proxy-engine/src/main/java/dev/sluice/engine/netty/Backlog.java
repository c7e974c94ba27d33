package dev.sluice.engine.netty;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;

/** What a client's connection has decoded and is nobody's turn yet; no more than one read brought. */
final class Backlog {

    private final ArrayDeque<Object> messages = new ArrayDeque<>(4);
    private int requests;

    void add(Object message) {
        if (message instanceof HttpRequest) {
            requests++;
        }
        messages.add(message);
    }

    /** How many requests have begun here. */
    int requests() {
        return requests;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    Object first() {
        return messages.element();
    }

    /** The first message is somebody's now. */
    void removeFirst() {
        if (messages.poll() instanceof HttpRequest) {
            requests--;
        }
    }

    /** The first message is nobody's. */
    void dropFirst() {
        ReferenceCountUtil.release(first());
        removeFirst();
    }

    /** Whether the end of some request's body is here, and is well formed. */
    boolean holdsEnd() {
        for (Object message : messages) {
            if (message instanceof LastHttpContent last && last.decoderResult().isSuccess()) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        while (!isEmpty()) {
            dropFirst();
        }
    }
}
