package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Routes spread over the masters of a Redis Cluster. */
@TestMethodOrder(OrderAnnotation.class)
class ClusterTest {

    private static final String ROUTE = "sluice:route:";
    private static TestCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = TestCluster.start(3);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private static void write(String host, String upstream) {
        cluster.commands(cluster.home(ROUTE + host)).hset(ROUTE + host, "upstream", upstream);
    }

    @Test
    @Order(1)
    void routesOnAllMasters_areLoaded_andFollowed() {
        for (int i = 0; i < 30; i++) {
            write("h" + i + ".test", "http://old" + i);
        }
        try (Routes routes = Routes.at(cluster.urls())) {
            for (int i = 0; i < 30; i++) {
                assertThat(routes.get("h" + i + ".test")).isEqualTo("http://old" + i + ":80");
                write("h" + i + ".test", "http://new" + i);
            }
            for (int i = 0; i < 30; i++) {
                routes.awaitGet("h" + i + ".test", "http://new" + i + ":80");
            }
        }
    }

    @Test
    @Order(2)
    void slotMoved_routeStaysInForce_andChangesAtItsNewHomeAreFollowed() {
        String key = ROUTE + "moving.test";
        int from = cluster.home(key);
        int to = (from + 1) % 3;
        write("moving.test", "http://before");
        try (Routes routes = Routes.at(cluster.urls())) {
            assertThat(routes.get("moving.test")).isEqualTo("http://before:80");
            cluster.moveSlot(
                    SlotHash.getSlot(key),
                    from,
                    to,
                    () -> await().during(Duration.ofMillis(300))
                            .pollInterval(Duration.ofMillis(5))
                            .untilAsserted(
                                    () -> assertThat(routes.get("moving.test")).isEqualTo("http://before:80")));
            cluster.commands(to).hset(key, "upstream", "http://after");
            routes.awaitGet("moving.test", "http://after:80");
            cluster.commands(to).del(key);
            routes.awaitGet("moving.test", "none");
        }
    }

    @Test
    @Order(3)
    void masterLost_itsReplicaTakesOver_knownRoutesServedMeanwhile() {
        String host = hostAtFirstMaster();
        write(host, "http://before");
        await().untilAsserted(() ->
                assertThat(cluster.replica().commands().info("replication")).contains("master_link_status:up"));
        try (Routes routes = Routes.at(cluster.urls()[1], cluster.urls()[2])) {
            assertThat(routes.get(host)).isEqualTo("http://before:80");
            cluster.node(0).kill();
            routes.awaitGet("unknown.test", "503");
            assertThat(routes.get(host)).isEqualTo("http://before:80");

            routes.awaitGet("unknown.test", "none", Duration.ofSeconds(20));
            assertThat(routes.get(host)).isEqualTo("http://before:80");
            cluster.replica().commands().hset(ROUTE + host, "upstream", "http://after");
            routes.awaitGet(host, "http://after:80");
        }
    }

    private static String hostAtFirstMaster() {
        int i = 0;
        while (cluster.home(ROUTE + "lost" + i + ".test") != 0) {
            i++;
        }
        return "lost" + i + ".test";
    }
}
