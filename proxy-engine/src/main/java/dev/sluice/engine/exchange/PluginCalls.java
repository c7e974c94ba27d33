package dev.sluice.engine.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/** How many questions to plugins wait for an answer, over all event loops. Those answered at once are not counted. */
public final class PluginCalls {

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    public PluginCalls(int most) {
        this.most = most;
    }

    /** How many there are now. */
    public int open() {
        return open.get();
    }

    boolean full() {
        return open.get() >= most;
    }

    int most() {
        return most;
    }

    void begin() {
        open.incrementAndGet();
    }

    void end() {
        open.decrementAndGet();
    }
}
