package dev.sluice.engine.netty;

import io.netty.channel.Channel;

/**
 * The back-pressure of one direction: the source is read again only while the sink has room for what one read may bring,
 * so that no more than the sink's high-water mark and one read are ever in memory.
 */
final class BodyPump {

    private final Channel source;
    private final Channel sink;
    private boolean paused;

    BodyPump(Channel source, Channel sink) {
        this.source = source;
        this.sink = sink;
    }

    /** Whether the source waits for the sink. */
    boolean paused() {
        return paused;
    }

    /** What one read brought has been written to the sink: sends it on its way, and asks for more if there is room. */
    void readComplete() {
        sink.flush();
        next();
    }

    /** Asks the source for more if the sink has room. */
    void next() {
        paused = !sink.isWritable();
        if (!paused) {
            source.read();
        }
    }

    /** The sink has taken some of what it was given. */
    void sinkWritable() {
        if (paused) {
            next();
        }
    }
}
