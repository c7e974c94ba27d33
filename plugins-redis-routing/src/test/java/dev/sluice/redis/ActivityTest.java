package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.ForwardListener;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.ManualClock;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** When a route was last of use. */
class ActivityTest {

    private static RedisProcess redis;
    private static RedisCommands<String, String> reader;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start();
        reader = redis.commands();
        for (String host : List.of("page", "refused", "tunnel", "old")) {
            reader.hset("sluice:route:" + host + ".test", "upstream", "http://" + host);
        }
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Test
    void successesAndTunnelData_areStamped_failuresAreNot() {
        var clock = new ManualClock();
        String config = "activity.interval = 50ms, url = \"" + redis.url() + "\"";
        try (Routes routes = Routes.from(config, clock)) {
            long now = clock.millis() / 1000;
            listener(routes, "page.test").onResponse(200);
            listener(routes, "refused.test").onResponse(403);
            listener(routes, "refused.test").onResponse(502);
            listener(routes, "tunnel.test").onResponse(101);
            await().untilAsserted(() -> {
                assertThat(reader.get("sluice:used:page.test")).isEqualTo("" + now);
                assertThat(reader.get("sluice:used:tunnel.test")).isEqualTo("" + now);
            });
            assertThat(reader.exists("sluice:used:refused.test")).isZero();
            assertThat(reader.pttl("sluice:used:page.test")).isPositive();

            clock.advance(Duration.ofSeconds(30));
            listener(routes, "tunnel.test").onTunnelActivity();
            await().untilAsserted(() ->
                    assertThat(reader.get("sluice:used:tunnel.test")).isEqualTo("" + (now + 30)));
            assertThat(reader.get("sluice:used:page.test")).isEqualTo("" + now);
        }
    }

    @Test
    void manyUsesInOneInterval_areOneWrite() {
        String config = "activity {}, url = \"" + redis.url() + "\"";
        try (Routes routes = Routes.from(config, new ManualClock())) {
            long before = writes();
            for (int i = 0; i < 1000; i++) {
                listener(routes, "old.test").onResponse(200);
            }
            routes.close();
            assertThat(reader.get("sluice:used:old.test")).isNotNull();
            assertThat(writes() - before).isOne();
        }
    }

    private static long writes() {
        return reader.info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_set:"))
                .map(line -> Long.parseLong(line.replaceAll("cmdstat_set:calls=([0-9]+),.*", "$1")))
                .findFirst()
                .orElse(0L);
    }

    private static ForwardListener listener(Routes routes, String host) {
        return ((Forward) routes.decide(FakeRequest.get("http://" + host + "/"))).listener();
    }
}
