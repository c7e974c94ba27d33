package dev.sluice.sso;

import static dev.sluice.sso.SessionStoreContract.bytes;
import static dev.sluice.sso.SessionStoreContract.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.config.HoconConfig;
import dev.sluice.sso.SessionStoreContract.Heard;
import io.lettuce.core.cluster.SlotHash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions in servers that speak TLS at one port, and nothing else there. */
final class RedisTlsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static TestCertificate certificate;
    private static ScheduledExecutorService timer;

    @BeforeAll
    static void makeCertificate() {
        certificate = new TestCertificate();
        timer = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterAll
    static void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void server_isVerified() {
        int port = TestRedis.freePort();
        try (TestRedis redis = new TestRedis(certificate.settings(port))) {
            assertSessionsAreKept(trusting("rediss://127.0.0.1:" + port), redis);
            assertRefused(trusting("rediss://localhost:" + port));
            assertRefused(settings("rediss://127.0.0.1:" + port));
        }
    }

    @Test
    void sentinelAndTheMasterThatItNames_areVerified() {
        int port = TestRedis.freePort();
        int sentinelPort = TestRedis.freePort();
        try (TestRedis master = new TestRedis(certificate.settings(port));
                TestRedis sentinel = TestRedis.sentinelOf(port, certificate.settings(sentinelPort))) {
            String url = "rediss-sentinel://127.0.0.1:" + sentinelPort + "/0#sessions";
            assertSessionsAreKept(trusting(url), master);
            assertRefused(trusting(url.replace("127.0.0.1", "localhost")));
            assertRefused(settings(url));
        }
    }

    @Test
    void mastersOfACluster_areVerified_thoseThatOneUrlLeadsToAsWell() {
        int first = TestRedis.freePort();
        int second = TestRedis.freePort();
        int half = SlotHash.SLOT_COUNT / 2;
        try (TestRedis one = new TestRedis(certificate.settings(first, "--cluster-enabled", "yes"));
                TestRedis two = new TestRedis(certificate.settings(second, "--cluster-enabled", "yes"))) {
            one.run(commands ->
                    commands.clusterAddSlots(IntStream.range(0, half).toArray()));
            two.run(commands -> commands.clusterAddSlots(
                    IntStream.range(half, SlotHash.SLOT_COUNT).toArray()));
            one.run(commands -> commands.clusterMeet("127.0.0.1", second));
            await().atMost(LONG)
                    .until(() -> one.run(commands -> commands.clusterInfo()).contains("cluster_state:ok")
                            && two.run(commands -> commands.clusterInfo()).contains("cluster_state:ok"));
            String url = "rediss://127.0.0.1:" + first;
            assertSessionsAreKept(trusting(url, "cluster = true"), one, two);
            assertRefused(trusting("rediss://localhost:" + first, "cluster = true"));
            assertRefused(settings(url, "cluster = true"));
        }
    }

    /** At each of the servers: written, read, and heard of when it is gone. */
    private static void assertSessionsAreKept(RedisSettings settings, TestRedis... servers) {
        Heard heard = new Heard();
        try (SessionStore store = new RedisSessionStore(settings, "t:", Clock.systemUTC(), timer)) {
            store.listen(heard);
            await().atMost(LONG).until(store::reachable);
            for (int i = 0; i < servers.length; i++) {
                String key = keyAt(i, servers.length);
                done(store.create(key, bytes("one"), Instant.now().plusSeconds(3600)));
                assertThat(done(store.read(key))).isPresent();
                heard.changes.clear();
                long deleted = servers[i].run(commands -> commands.del("t:session:" + key));
                assertThat(deleted).isOne();
                await().until(() -> heard.changes.contains(key));
            }
        }
    }

    private static String keyAt(int server, int servers) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "k" + i)
                .filter(key -> SlotHash.getSlot("t:session:" + key) * servers / SlotHash.SLOT_COUNT == server)
                .findFirst()
                .orElseThrow();
    }

    private static void assertRefused(RedisSettings settings) {
        try (RedisNodes nodes = settings.nodes()) {
            assertThat(nodes.connect().toCompletableFuture())
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withStackTraceContaining(SSLHandshakeException.class.getName());
        }
    }

    private static RedisSettings trusting(String url, String... more) {
        return settings(url, "ca-file = \"" + certificate.file() + "\"\n" + String.join("\n", more));
    }

    private static RedisSettings settings(String url, String... more) {
        return RedisSettings.read(HoconConfig.parse("url = \"" + url + "\"\n" + String.join("\n", more)));
    }
}
