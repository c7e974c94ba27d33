package dev.sluice.engine.wire;

import dev.sluice.engine.netty.EventLoops;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a soak has done, and what it has cost. */
final class SoakFigures {

    /**
     * What the process holds, when nothing goes on.
     *
     * @param direct bytes of direct memory in the engine's allocator, what it keeps for later among them
     * @param descriptors open ones, but for files, such as the jar that a class is read from when it is first needed
     * @param threads their names, but for the engine's two bounded pools, whose threads begin when they are first needed
     */
    record Held(long heap, long direct, long descriptors, Set<String> threads) {

        static Held now() {
            for (int i = 0; i < 3; i++) {
                System.gc(); // the first one finds what is garbage, the next ones what hung on it
            }
            Runtime runtime = Runtime.getRuntime();
            return new Held(
                    runtime.totalMemory() - runtime.freeMemory(),
                    ((ByteBufAllocatorMetricProvider) EventLoops.allocator())
                            .metric()
                            .usedDirectMemory(),
                    openDescriptors(),
                    runningThreads());
        }

        static long openDescriptors() {
            File[] files = new File("/proc/self/fd").listFiles();
            return files == null ? 0 : Stream.of(files).filter(Held::isNoFile).count();
        }

        private static boolean isNoFile(File descriptor) {
            try {
                return !Files.readSymbolicLink(descriptor.toPath())
                        .isAbsolute(); // socket:[1], pipe:[2], anon_inode:[eventpoll]
            } catch (IOException e) {
                return false; // closed meanwhile: the listing's own is one
            }
        }

        static Set<String> runningThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> !name.matches("sluice-(loop|blocking).*"))
                    .collect(Collectors.toSet());
        }

        @Override
        public String toString() {
            return String.format(
                    "heap %.1f MiB, direct memory %.1f MiB, %d descriptors, %d threads",
                    heap / 1048576.0, direct / 1048576.0, descriptors, threads.size());
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
