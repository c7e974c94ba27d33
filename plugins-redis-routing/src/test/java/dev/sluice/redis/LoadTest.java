package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Redis is killed and started again while requests keep coming. */
class LoadTest {

    private static final int CLIENTS = 4;
    private static final long PAUSE_MS = 10;

    /** By host and status (with the body of successes), how often it was seen. */
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();

    @Test
    void redisKilledAndStartedAgain_noWrongAnswerAndNoHang() {
        try (RedisProcess redis = RedisProcess.start();
                var upstream = ScriptedUpstream.respondWith(Scripts.text("known"))) {
            redis.commands().hset("sluice:route:known.test", "upstream", upstream.url());
            try (Replica proxy = Replica.start(redis.url());
                    Load load = new Load(proxy)) {
                awaitMore("unknown.test 404");
                awaitMore("known.test 200 known");
                redis.kill();
                awaitMore("unknown.test 503");
                awaitMore("known.test 200 known");
                redis.restart();
                awaitMore("unknown.test 404");
                awaitMore("known.test 200 known");
                assertThat(load.failed).as("a request that hung or was cut").isNotDone();
            }
            assertThat(seen).containsOnlyKeys("known.test 200 known", "unknown.test 404", "unknown.test 503");
            LoggerFactory.getLogger(LoadTest.class).info("answers while Redis was killed and started again: {}", seen);
        }
    }

    /** Sees 50 more of them: what is counted spans the moment, not only its beginning. */
    private void awaitMore(String answer) {
        int before = count(answer).get();
        await().pollInterval(Duration.ofMillis(10)).until(() -> count(answer).get() >= before + 50);
    }

    private AtomicInteger count(String answer) {
        return seen.computeIfAbsent(answer, a -> new AtomicInteger());
    }

    /** Clients that each ask about one host, again and again, until closed. */
    private final class Load implements AutoCloseable {
        private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
        private final List<RawClient> connections = new ArrayList<>();
        private final CompletableFuture<Void> failed = new CompletableFuture<>();

        Load(Replica proxy) {
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = proxy.connect().withTimeout(Duration.ofSeconds(5));
                connections.add(client);
                String host = i % 2 == 0 ? "known.test" : "unknown.test";
                clients.scheduleAtFixedRate(() -> request(client, host), 0, PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        }

        private void request(RawClient client, String host) {
            try {
                RawReply reply = Replica.get(client, host);
                String body = reply.status() == 200 ? " " + reply.text() : "";
                count(host + " " + reply.status() + body).incrementAndGet();
            } catch (RuntimeException | AssertionError e) {
                failed.completeExceptionally(e);
                throw e;
            }
        }

        /** Lets the requests under way end. */
        @Override
        public void close() {
            clients.shutdown();
            await().until(() -> clients.awaitTermination(1, TimeUnit.MILLISECONDS));
            connections.forEach(RawClient::close);
        }
    }
}
