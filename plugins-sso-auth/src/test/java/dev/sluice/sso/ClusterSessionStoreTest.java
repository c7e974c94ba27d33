package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.config.HoconConfig;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Sessions spread over the masters of a Redis Cluster. */
@TestMethodOrder(OrderAnnotation.class)
final class ClusterSessionStoreTest extends SessionStoreContract {

    private static final AtomicInteger TESTS = new AtomicInteger();
    private static TestCluster cluster;
    private static ScheduledExecutorService timer;

    private final String prefix = "t" + TESTS.incrementAndGet() + ":";
    private final Heard heard = new Heard();

    @BeforeAll
    static void startCluster() {
        cluster = new TestCluster();
        timer = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
        timer.shutdownNow();
    }

    @Override
    SessionStore open() {
        return open("url = " + cluster.urls());
    }

    private SessionStore open(String config) {
        RedisSettings settings = RedisSettings.read(HoconConfig.parse(config));
        return new RedisSessionStore(settings, prefix, clock, timer);
    }

    /** The key that an administrator sees. */
    private String inRedis(String key) {
        return prefix + "session:" + key;
    }

    private String keyAt(int master) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "k" + i)
                .filter(key -> TestCluster.home(inRedis(key)) == master)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void changesOnEveryMaster_areHeard() {
        store.listen(heard);
        for (int master = 0; master < 3; master++) {
            String key = keyAt(master);
            done(store.create(key, bytes("one"), in(HOUR)));
            await().until(() -> heard.changes.contains(key));
            heard.changes.clear();
            cluster.node(master).run(commands -> commands.del(inRedis(key)));
            await().until(() -> heard.changes.contains(key));
        }
    }

    @Test
    void userWithFewRights_andOneUrl_suffice() {
        cluster.nodes().forEach(node -> node.addUser("~" + prefix + "*", "+cluster"));
        try (SessionStore store =
                open("cluster = true, url = \"" + cluster.node(1).userUrl() + "\"")) {
            store.listen(heard);
            await().until(store::reachable);
            String key = keyAt(2);
            done(store.create(key, bytes("one"), in(HOUR)));
            assertThat(done(store.read(key))).isPresent();
            await().until(() -> heard.changes.contains(key));
        }
    }

    @Test
    void slotMoved_recordIsReadableAllTheWhile_andChangesAtItsNewHomeAreHeard() {
        String key = keyAt(0);
        done(store.create(key, bytes("one"), in(HOUR)));
        cluster.moveSlot(inRedis(key), 0, 1, () -> {
            assertThat(done(store.read(key))).isPresent();
            assertThat(done(store.touch(key, in(HOUR)))).isTrue();
        });
        assertThat(done(store.replace(key, 1, bytes("two")))).isTrue();
        assertThat(done(store.read(key))).isPresent();

        store.listen(heard);
        cluster.node(1).run(commands -> commands.del(inRedis(key)));
        await().until(() -> heard.changes.contains(key));
        assertThat(done(store.read(key))).isEmpty();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void masterLost_nobodyWaitsForLong_andRecordsAndChangesAreTheReplicas() {
        String key = keyAt(0);
        done(store.create(key, bytes("one"), in(HOUR)));
        cluster.awaitReplication();
        store.listen(heard);
        cluster.node(0).stop();
        await().until(() -> heard.connection.contains("lost"));
        done(store.read(key).handle((stored, unavailable) -> true));

        await().atMost(Duration.ofSeconds(30)).until(() -> heard.connection.contains("regained"));
        assertThat(done(store.read(key))).isPresent();
        assertThat(done(store.touch(key, in(HOUR)))).isTrue();
        heard.changes.clear();
        cluster.replica().run(commands -> commands.del(inRedis(key)));
        await().until(() -> heard.changes.contains(key));
    }
}
