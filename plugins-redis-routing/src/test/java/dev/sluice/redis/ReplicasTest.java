package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two proxies on one Redis. */
class ReplicasTest {

    @Test
    void routeChanged_bothServeTheNewUpstreamWithin100Ms_andAnOpenWebSocketStaysUp() {
        try (RedisProcess redis = RedisProcess.start();
                var old = ScriptedUpstream.start(Scripts.webSocketEcho());
                var changed = ScriptedUpstream.respondWith(Scripts.text("changed"))) {
            var writer = redis.commands();
            writer.hset("sluice:route:app.test", "upstream", old.url());
            try (Replica one = Replica.start(redis.url());
                    Replica two = Replica.start(redis.url());
                    RawClient toOne = one.connect();
                    RawClient toTwo = two.connect();
                    WebSocketClient socket = WebSocketClient.open(one.address(), "app.test", "/ws")) {
                socket.sendText("before");
                socket.expectText("before");

                writer.hset("sluice:route:app.test", "upstream", changed.url());
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofMillis(100))
                        .untilAsserted(() -> {
                            assertThat(Replica.get(toOne, "app.test").text()).isEqualTo("changed");
                            assertThat(Replica.get(toTwo, "app.test").text()).isEqualTo("changed");
                        });
                socket.sendText("after");
                socket.expectText("after");
            }
        }
    }
}
