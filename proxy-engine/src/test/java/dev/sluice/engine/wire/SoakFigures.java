package dev.sluice.engine.wire;

import dev.sluice.engine.netty.EventLoops;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.File;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a soak has done, and what it has cost. */
final class SoakFigures {

    /**
     * What the process holds, when nothing goes on.
     *
     * @param direct bytes of direct memory in the engine's allocator, what it keeps for later among them
     * @param files open files, sockets among them
     * @param threads but for the event loops, of which each begins when it is first needed
     */
    record Held(long heap, long direct, int files, int threads) {

        static Held now() {
            for (int i = 0; i < 3; i++) {
                System.gc(); // the first one finds what is garbage, the next ones what hung on it
            }
            Runtime runtime = Runtime.getRuntime();
            String[] files = new File("/proc/self/fd").list();
            return new Held(
                    runtime.totalMemory() - runtime.freeMemory(),
                    ((ByteBufAllocatorMetricProvider) EventLoops.allocator())
                            .metric()
                            .usedDirectMemory(),
                    files == null ? 0 : files.length,
                    runningThreads());
        }

        static int runningThreads() {
            return (int) Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !thread.getName().startsWith("sluice-loop"))
                    .count();
        }

        @Override
        public String toString() {
            return String.format(
                    "heap %.1f MiB, direct memory %.1f MiB, %d files, %d threads",
                    heap / 1048576.0, direct / 1048576.0, files, threads);
        }
    }

    private final Map<String, AtomicLong> done = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicLong> failures = new ConcurrentSkipListMap<>();
    private final AtomicLong bytes = new AtomicLong();

    void did(String what) {
        done.computeIfAbsent(what, key -> new AtomicLong()).incrementAndGet();
    }

    void failed(String how) {
        failures.computeIfAbsent(how, key -> new AtomicLong()).incrementAndGet();
    }

    void moved(long n) {
        bytes.addAndGet(n);
    }

    @Override
    public String toString() {
        return String.format("%,d MiB of checked bodies; done %s; faults %s", bytes.get() >> 20, done, failures);
    }
}
