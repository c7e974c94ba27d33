package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A master that is replaced under Sentinels' eyes. */
class SentinelTest {

    private static final String ROUTE = "sluice:route:";

    @Test
    void masterLost_newMasterIsFollowed_knownRoutesServedMeanwhile() {
        try (var master = RedisProcess.start();
                var replica = RedisProcess.start("--replicaof", "127.0.0.1", "" + master.port())) {
            master.commands().hset(ROUTE + "a.test", "upstream", "http://a");
            await().untilAsserted(() ->
                    assertThat(replica.commands().exists(ROUTE + "a.test")).isOne());
            // Not before the replica is there: they ask the master for its replicas every ten seconds only.
            failOver(master, replica);
        }
    }

    private static void failOver(RedisProcess master, RedisProcess replica) {
        try (var one = RedisProcess.sentinel(master, 2);
                var two = RedisProcess.sentinel(master, 2)) {
            await().atMost(Duration.ofSeconds(20)).until(one::knowsOtherSentinelsAndReplicas);
            await().atMost(Duration.ofSeconds(20)).until(two::knowsOtherSentinelsAndReplicas);
            String url = "redis-sentinel://127.0.0.1:%d,127.0.0.1:%d/0#routes".formatted(one.port(), two.port());
            try (Routes routes = Routes.at(url)) {
                assertThat(routes.get("a.test")).isEqualTo("http://a:80");
                assertThat(routes.get("unknown.test")).isEqualTo("none");
                master.kill();
                routes.awaitGet("unknown.test", "503");
                assertThat(routes.get("a.test")).isEqualTo("http://a:80");

                routes.awaitGet("unknown.test", "none", Duration.ofSeconds(20));
                assertThat(routes.get("a.test")).isEqualTo("http://a:80");
                replica.commands().hset(ROUTE + "b.test", "upstream", "http://b");
                routes.awaitGet("b.test", "http://b:80");
            }
        }
    }
}
