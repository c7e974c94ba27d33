package dev.sluice.engine.wire;

import dev.sluice.engine.netty.EventLoops;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
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
     * @param heap bytes in use, but for those of the engine's allocator
     * @param direct bytes of direct memory in the engine's allocator, what it keeps for later among them
     * @param pooledHeap as {@code direct}, of the heap, where Java's TLS has its buffers
     * @param descriptors what each open one is of
     * @param threads their names, but for the engine's pool for what blocks: its threads, of which there is a bound, come and
     *     go with the looks at certificates
     */
    record Held(long heap, long direct, long pooledHeap, List<String> descriptors, Set<String> threads) {

        static Held now() {
            openClassPath();
            for (int i = 0; i < 3; i++) {
                System.gc(); // the first one finds what is garbage, the next ones what hung on it
            }
            Runtime runtime = Runtime.getRuntime();
            ByteBufAllocatorMetric allocator = ((ByteBufAllocatorMetricProvider) EventLoops.allocator()).metric();
            return new Held(
                    runtime.totalMemory() - runtime.freeMemory() - allocator.usedHeapMemory(),
                    allocator.usedDirectMemory(),
                    allocator.usedHeapMemory(),
                    openDescriptors(),
                    runningThreads());
        }

        /** All jars at once, each of which is otherwise opened when it is first looked into, and stays open. */
        private static void openClassPath() {
            if (Held.class.getResource("/is-in-no-jar") != null) {
                throw new AssertionError();
            }
        }

        static List<String> openDescriptors() {
            File[] files = new File("/proc/self/fd").listFiles();
            return files == null
                    ? List.of()
                    : Stream.of(files).flatMap(Held::target).sorted().toList();
        }

        /** What a descriptor is of; nothing if it was open for the listing, and is closed by now. */
        private static Stream<String> target(File descriptor) {
            try {
                return Stream.of(Files.readSymbolicLink(descriptor.toPath()).toString());
            } catch (IOException e) {
                return Stream.empty();
            }
        }

        static Set<String> runningThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> !name.startsWith("sluice-blocking"))
                    .collect(Collectors.toSet());
        }

        @Override
        public String toString() {
            return String.format(
                    "heap %.1f MiB, direct memory %.1f MiB, pooled heap %.1f MiB, %d descriptors, %d threads",
                    heap / 1048576.0, direct / 1048576.0, pooledHeap / 1048576.0, descriptors.size(), threads.size());
        }
    }

    private final Map<String, AtomicLong> done = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicLong> failures = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicLong> connections = new ConcurrentSkipListMap<>();
    private final AtomicLong bytes = new AtomicLong();

    void did(String what) {
        done.computeIfAbsent(what, key -> new AtomicLong()).incrementAndGet();
    }

    void failed(String how) {
        failures.computeIfAbsent(how, key -> new AtomicLong()).incrementAndGet();
    }

    /** Who spoke TLS on a client's connection. */
    void connected(boolean client, boolean upstream) {
        String who = client ? upstream ? "both" : "client" : upstream ? "upstream" : "none";
        connections.computeIfAbsent(who, key -> new AtomicLong()).incrementAndGet();
    }

    void moved(long n) {
        bytes.addAndGet(n);
    }

    @Override
    public String toString() {
        return String.format(
                "%,d MiB of checked bodies; connections with TLS %s; done %s; faults %s",
                bytes.get() >> 20, connections, done, failures);
    }
}
