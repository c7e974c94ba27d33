package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.wire.SoakFigures.Held;
import dev.sluice.testkit.leak.Buffers;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import java.nio.file.Path;
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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mixed traffic, half of it encrypted, with faults of both sides for as long as {@code -Dsluice.soak=PT30M} says, one second by default. Every body
 * is checked by its digest; at the end heap, direct memory, descriptors and threads are where they were after the warm-up.
 */
class SoakTest {

    private static final Duration TIME = Duration.parse(System.getProperty("sluice.soak", "PT1S"));
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
    private static final int WORKERS = Integer.getInteger("sluice.soak.workers", 2);
    private static final long SEED = Long.getLong("sluice.soak.seed", System.nanoTime());

    private static final String SESSIONS_KEPT = "javax.net.ssl.sessionCacheSize";

    @TempDir
    static Path directory;

    private final SoakFigures figures = new SoakFigures();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final FaultTls tls = new FaultTls(directory);
    private long exchanges;

    /** Java keeps 20,480 sessions for each context if not told otherwise; so few are reached in the warm-up. */
    @BeforeAll
    static void keepFewSessions() {
        System.setProperty(SESSIONS_KEPT, "20");
    }

    @AfterAll
    static void keepSessionsAsUsual() {
        System.clearProperty(SESSIONS_KEPT);
    }

    @Test
    void mixedTrafficWithFaults_leavesEverythingWhereItBegan() throws Exception {
        System.out.println("soak of " + TIME + ", seed " + SEED);
        try (var refusing = Ports.refused();
                var plain = proxy(settings -> settings, refusing.url());
                var secured = proxy(tls.listening(), refusing.url())) {
            List<TestProxy> both = List.of(plain, secured);
            run(plain, secured, TIME.dividedBy(10).plus(HALF_A_SECOND), SEED);
            long buffers = awaitQuiet(both);
            Held before = Held.now();
            System.out.println("begin: " + before);
            run(plain, secured, TIME, SEED + 1);
            long buffersAfter = awaitQuiet(both);
            await().pollInSameThread() // what was closed last is still ending
                    .untilAsserted(() -> {
                        assertThat(Held.openDescriptors())
                                .as("descriptors, at first %s", before.descriptors())
                                .hasSizeLessThanOrEqualTo(before.descriptors().size());
                        assertThat(before.threads()).as("threads").containsAll(Held.runningThreads());
                    });
            Held after = Held.now();
            System.out.println("end:   " + after);
            System.out.printf("%,d exchanges, by outcome %s; %s%n", exchanges, outcomes, figures);
            assertThat(buffersAfter).as("buffers").isEqualTo(buffers);
            assertThat(after.heap()).as("heap").isLessThan(before.heap() + (8 << 20));
            assertThat(after.direct()).as("direct memory").isLessThan(before.direct() + (16 << 20));
            assertThat(after.pooledHeap()).as("pooled heap").isLessThan(before.pooledHeap() + (32 << 20));
        }
    }

    private TestProxy proxy(UnaryOperator<ProxySettings> listening, String refusing) {
        return TestProxy.with(
                settings -> Bounds.both(Bounds.everyWait(2000), Bounds.idleConnections(500))
                        .apply(tls.trusting().apply(listening.apply(settings))),
                builder -> builder.authenticator(TestProxy.ANYBODY).resolver(byPort(refusing)));
    }

    /** The host names the upstream's port: {@code p40000}, or {@code s40000} if it speaks TLS. */
    private static RouteResolver byPort(String refusing) {
        return request -> {
            String host = request.host();
            String byPort = (host.startsWith("s") ? "https" : "http") + "://127.0.0.1:" + host.substring(1);
            String url = host.equals("refusing") ? refusing : byPort;
            return CompletableFuture.completedFuture(RouteDecision.forward(Upstream.of(url)));
        };
    }

    private void run(TestProxy plain, TestProxy secured, Duration time, long seed) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(seed + 1_000_003L * i);
            all.add(workers.submit(() -> work(plain, secured, random, end)));
        }
        workers.shutdown();
        for (Future<?> worker : all) {
            worker.get();
        }
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    /**
     * A new upstream now and then: it keeps all that it has received, and its going away is one more fault. Every other one
     * speaks TLS, as does every other client.
     */
    private void work(TestProxy plain, TestProxy secured, Random random, long end) {
        while (System.nanoTime() < end) {
            boolean upstreamTls = random.nextBoolean();
            try (var upstream = upstreamTls
                            ? ScriptedUpstream.startTls(tls.upstream(), new SoakScript())
                            : ScriptedUpstream.start(new SoakScript());
                    var distrusted = ScriptedUpstream.startTls(tls.unknownUpstream(), new SoakScript())) {
                String host = (upstreamTls ? "s" : "p") + upstream.port();
                for (int i = 0; i < 20 && System.nanoTime() < end; i++) {
                    boolean clientTls = random.nextBoolean();
                    try (RawClient client =
                            clientTls ? RawClient.connect(secured.address(), tls.client()) : plain.connect()) {
                        new SoakClient(
                                        client.withTimeout(SoakClient.patience()),
                                        clientTls,
                                        host,
                                        SoakScript.Fault.of(upstreamTls),
                                        "s" + distrusted.port(),
                                        random,
                                        figures)
                                .play();
                        figures.connected(clientTls, upstreamTls);
                    }
                    count(plain.takeEnded());
                    count(secured.takeEnded());
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

    private long awaitQuiet(List<TestProxy> proxies) {
        for (TestProxy proxy : proxies) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> proxy.server().openConnections() == 0 && proxy.pendingTasks() == 0);
            count(proxy.takeEnded());
        }
        return Buffers.unreleased();
    }
}
