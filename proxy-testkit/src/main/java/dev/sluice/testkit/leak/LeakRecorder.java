package dev.sluice.testkit.leak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes Netty's leak detectors, and remembers what they report instead of logging it. */
final class LeakRecorder extends ResourceLeakDetectorFactory {

    private static final LeakRecorder INSTALLED = new LeakRecorder();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(INSTALLED);
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            // A sample, which is the default, would make the verdict a matter of luck.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        }
    }

    private final List<Detector<?>> detectors = new CopyOnWriteArrayList<>();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
    private volatile boolean tracked;

    private LeakRecorder() {}

    /** Has an effect the first time only. It must come before the first buffer: buffers keep the detector they met. */
    static LeakRecorder install() {
        return INSTALLED;
    }

    /** @throws IllegalStateException if buffers are not watched, so that their leaks would pass unseen */
    void requireWatched() {
        Unpooled.buffer(1).release();
        if (detectors.stream().noneMatch(Detector::watchesBuffers)) {
            throw new IllegalStateException("Netty's buffers were used before the leak recorder was installed"
                    + " (expected: a JUnit launcher session that opens first, or no buffer before the first test)");
        }
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException(
                    "io.netty.leakDetection.level: " + ResourceLeakDetector.getLevel() + " (expected: paranoid)");
        }
    }

    /** How many buffers have been handed out and not released, by now and in the whole process. */
    long unreleasedBuffers() {
        return detectors.stream()
                .filter(Detector::watchesBuffers)
                .mapToLong(detector -> detector.unreleased.get())
                .sum();
    }

    /** Whether anything was watched since the last {@link #collect}. */
    boolean sawUse() {
        return tracked;
    }

    /** What has leaked since the last call. Collects the garbage first, for only what is garbage can have leaked. */
    List<String> collect() throws InterruptedException {
        tracked = false;
        collectGarbage();
        // The reference handler takes all that one collection found before it takes what the next one found: when the
        // second canary has arrived, so has everything that the first collection found.
        collectGarbage();
        detectors.forEach(Detector::poke);
        List<String> found = new ArrayList<>();
        for (String leak = leaks.poll(); leak != null; leak = leaks.poll()) {
            found.add(leak);
        }
        return found;
    }

    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        var canary = new PhantomReference<>(new Object(), queue);
        do {
            System.gc();
        } while (queue.remove(1000) != canary);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
            Class<T> resource, int samplingInterval, long maxActive) {
        var detector = new Detector<T>(resource, samplingInterval);
        detectors.add(detector);
        return detector;
    }

    private final class Detector<T> extends ResourceLeakDetector<T> {
        private final String watches;
        private final AtomicLong unreleased = new AtomicLong();

        Detector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
            watches = resource.getSimpleName();
        }

        @Override
        public @Nullable ResourceLeakTracker<T> track(T resource) {
            tracked = true;
            ResourceLeakTracker<T> tracker = super.track(resource);
            return tracker == null ? null : new Counted<>(tracker, unreleased);
        }

        boolean watchesBuffers() {
            return watches.equals(ByteBuf.class.getSimpleName());
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            leaks.add(resourceType + " was not released before it became garbage." + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            leaks.add(resourceType + " was not released before it became garbage; nothing is known of its past.");
        }

        /** Makes the detector look at what has become garbage, which it does only when it begins to watch something. */
        @SuppressWarnings("unchecked") // it is never looked at but for its identity
        private void poke() {
            T probe = (T) new Object();
            ResourceLeakTracker<T> tracker = trackForcibly(probe);
            tracker.close(probe);
        }
    }

    /** Counts the resources that are out. */
    private record Counted<T>(ResourceLeakTracker<T> tracker, AtomicLong unreleased) implements ResourceLeakTracker<T> {

        Counted {
            unreleased.incrementAndGet();
        }

        @Override
        public void record() {
            tracker.record();
        }

        @Override
        public void record(Object hint) {
            tracker.record(hint);
        }

        @Override
        public boolean close(T resource) {
            boolean first = tracker.close(resource);
            if (first) {
                unreleased.decrementAndGet();
            }
            return first;
        }

        @Override
        public @Nullable Throwable getCloseStackTraceIfAny() {
            return tracker.getCloseStackTraceIfAny();
        }
    }
}
