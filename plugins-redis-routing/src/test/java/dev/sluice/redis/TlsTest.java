package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.SlotHash;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Routes in servers that speak TLS at one port, and nothing else there. */
class TlsTest {

    private static final String ROUTE = "sluice:route:";

    private static TestCertificate certificate;
    private static int port;
    private static RedisProcess redis;

    @BeforeAll
    static void start() {
        certificate = new TestCertificate();
        port = RedisProcess.freePort();
        redis = RedisProcess.start(certificate.settings(port));
        redis.commands().hset(ROUTE + "a.test", "upstream", "http://a");
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void certificateOfTheGivenFile_isTrusted_andRoutesAreFollowed() {
        try (Routes routes = trusting("rediss://127.0.0.1:" + port)) {
            assertThat(routes.get("a.test")).isEqualTo("http://a:80");
            redis.commands().hset(ROUTE + "b.test", "upstream", "http://b");
            routes.awaitGet("b.test", "http://b:80");
        }
    }

    @Test
    void certificateForAnotherName_isRefused() {
        try (Routes routes = trusting("rediss://localhost:" + port)) {
            assertThat(routes.get("a.test")).isEqualTo("503");
            assertThat(routes.readiness().reason()).containsIgnoringCase("localhost");
        }
    }

    @Test
    void unknownCertificate_isRefused() {
        try (Routes routes = Routes.at("rediss://127.0.0.1:" + port)) {
            assertThat(routes.get("a.test")).isEqualTo("503");
            assertThat(routes.readiness().ready()).isFalse();
        }
    }

    @Test
    void sentinel_andTheMasterThatItNames_areVerified() {
        int sentinelPort = RedisProcess.freePort();
        try (RedisProcess sentinel = RedisProcess.sentinel(port, 1, certificate.settings(sentinelPort))) {
            String url = "rediss-sentinel://127.0.0.1:" + sentinelPort + "/0#routes";
            try (Routes routes = trusting(url);
                    Routes unknown = Routes.at(url);
                    Routes misnamed = trusting(url.replace("127.0.0.1", "localhost"))) {
                assertThat(routes.get("a.test")).isEqualTo("http://a:80");
                redis.commands().hset(ROUTE + "c.test", "upstream", "http://c");
                routes.awaitGet("c.test", "http://c:80");
                assertThat(unknown.get("a.test")).isEqualTo("503");
                assertThat(misnamed.get("a.test")).isEqualTo("503");
            }
        }
    }

    @Test
    void mastersOfACluster_areVerified_thoseThatOneUrlLeadsToAsWell() {
        List<Integer> ports = List.of(RedisProcess.freePort(), RedisProcess.freePort());
        try (RedisProcess one = RedisProcess.start(certificate.settings(ports.get(0), "--cluster-enabled", "yes"));
                RedisProcess two = RedisProcess.start(certificate.settings(ports.get(1), "--cluster-enabled", "yes"))) {
            List<RedisProcess> nodes = List.of(one, two);
            one.commands()
                    .clusterAddSlots(IntStream.range(0, SlotHash.SLOT_COUNT / 2).toArray());
            two.commands()
                    .clusterAddSlots(IntStream.range(SlotHash.SLOT_COUNT / 2, SlotHash.SLOT_COUNT)
                            .toArray());
            one.commands().clusterMeet("127.0.0.1", ports.get(1));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> nodes.stream()
                            .allMatch(node -> node.commands().clusterInfo().contains("cluster_state:ok")));
            String url = "rediss://127.0.0.1:" + ports.get(0);
            try (Routes routes = trusting(url, "cluster = true");
                    Routes unknown = Routes.from("cluster = true, url = \"" + url + "\"", Clock.systemUTC())) {
                for (RedisProcess node : nodes) {
                    String host = hostAt(nodes.indexOf(node));
                    node.commands().hset(ROUTE + host, "upstream", "http://a");
                    routes.awaitGet(host, "http://a:80");
                }
                assertThat(unknown.get("a.test")).isEqualTo("503");
            }
        }
    }

    /** A host whose route is at one of two masters. */
    private static String hostAt(int master) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "h" + i + ".test")
                .filter(host -> SlotHash.getSlot(ROUTE + host) / (SlotHash.SLOT_COUNT / 2) == master)
                .findFirst()
                .orElseThrow();
    }

    private static Routes trusting(String url, String... more) {
        String config =
                "url = \"%s\"\nca-file = \"%s\"\n%s".formatted(url, certificate.file(), String.join("\n", more));
        return Routes.from(config, Clock.systemUTC());
    }
}
