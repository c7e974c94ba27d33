package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.engine.wire.SoakFigures.Held;
import dev.sluice.testkit.leak.Buffers;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Mixed traffic with faults of both sides for as long as {@code -Dsluice.soak=PT30M} says, one second by default. Every body
 * is checked by its digest; at the end heap, direct memory, descriptors and threads are where they were after the warm-up.
 */
class SoakTest {

    private static final Duration TIME = Duration.parse(System.getProperty("sluice.soak", "PT1S"));
    private static final int WORKERS = Integer.getInteger("sluice.soak.workers", 2);
    private static final long SEED = Long.getLong("sluice.soak.seed", System.nanoTime());

    private final SoakFigures figures = new SoakFigures();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private long exchanges;

    @Test
    void mixedTrafficWithFaults_leavesEverythingWhereItBegan() throws Exception {
        System.out.println("soak of " + TIME + ", seed " + SEED);
        try (var refusing = Ports.refused();
                var proxy = TestProxy.with(
                        settings -> Bounds.everyWait(2000)
                                .apply(Bounds.idleConnections(500).apply(settings)),
                        builder -> builder.authenticator(TestProxy.ANYBODY).resolver(byPort(refusing.url())))) {
            run(proxy, TIME.dividedBy(10), SEED);
            long buffers = awaitQuiet(proxy);
            Held before = Held.now();
            System.out.println("begin: " + before);
            run(proxy, TIME, SEED + 1);
            long buffersAfter = awaitQuiet(proxy);
            await().pollInSameThread() // what was closed last is still ending
                    .untilAsserted(() -> {
                        assertThat(Held.openDescriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors());
                        assertThat(before.threads()).as("threads").containsAll(Held.runningThreads());
                    });
            Held after = Held.now();
            System.out.println("end:   " + after);
            System.out.printf("%,d exchanges, by outcome %s; %s%n", exchanges, outcomes, figures);
            assertThat(buffersAfter).as("buffers").isEqualTo(buffers);
            assertThat(after.heap()).as("heap").isLessThan(before.heap() + (8 << 20));
            assertThat(after.direct()).as("direct memory").isLessThan(before.direct() + (16 << 20));
        }
    }

    /** The host names the upstream's port: {@code p40000}. */
    private static RouteResolver byPort(String refusing) {
        return request -> {
            String host = request.host();
            String url = host.equals("refusing") ? refusing : "http://127.0.0.1:" + host.substring(1);
            return CompletableFuture.completedFuture(RouteDecision.forward(Upstream.of(url)));
        };
    }

    private void run(TestProxy proxy, Duration time, long seed) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(seed + 1_000_003L * i);
            all.add(workers.submit(() -> work(proxy, random, end)));
        }
        workers.shutdown();
        for (Future<?> worker : all) {
            worker.get();
        }
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    /** A new upstream now and then: it keeps all that it has received, and its going away is one more fault. */
    private void work(TestProxy proxy, Random random, long end) {
        while (System.nanoTime() < end) {
            try (var upstream = ScriptedUpstream.start(new SoakScript())) {
                for (int i = 0; i < 20 && System.nanoTime() < end; i++) {
                    try (RawClient client = proxy.connect()) {
                        new SoakClient(
                                        client.withTimeout(SoakClient.patience()),
                                        "p" + upstream.port(),
                                        random,
                                        figures)
                                .play();
                    }
                    count(proxy.takeEnded());
                }
            }
        }
    }

    private synchronized void count(List<TestProxy.Ended> ended) {
        exchanges += ended.size();
        for (TestProxy.Ended one : ended) {
            outcomes.merge(String.valueOf(one.failure()), 1L, Long::sum);
        }
    }

    private long awaitQuiet(TestProxy proxy) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> proxy.server().openConnections() == 0 && proxy.pendingTasks() == 0);
        count(proxy.takeEnded());
        return Buffers.unreleased();
    }
}
