package dev.sluice.testkit.leak;

/**
 * Counts Netty's buffers. What {@link LeakExtension} finds is garbage by then; this finds at once what a test has left
 * over, provided that no other test is running.
 */
public final class Buffers {

    private Buffers() {}

    /**
     * How many buffers of the process have been handed out and not released by now. Constants of Netty and of the engine
     * are among them for ever, so that only a difference tells something.
     */
    public static long unreleased() {
        LeakRecorder recorder = LeakRecorder.install();
        recorder.requireWatched();
        return recorder.unreleasedBuffers();
    }
}
