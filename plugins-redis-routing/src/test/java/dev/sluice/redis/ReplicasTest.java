package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two proxies on one Redis. */
class ReplicasTest {

    private static final int CHANGES = 9;

    @Test
    void routeChanged_bothServeTheNewUpstreamWithin100Ms_andAnOpenWebSocketStaysUp() {
        try (RedisProcess redis = RedisProcess.start();
                var old = ScriptedUpstream.startInTurn(
                        Scripts.webSocketEcho(), Scripts.respondWith(Scripts.text("old")));
                var odd = ScriptedUpstream.respondWith(Scripts.text("odd"));
                var even = ScriptedUpstream.respondWith(Scripts.text("even"))) {
            var writer = redis.commands();
            writer.hset("sluice:route:app.test", "upstream", old.url());
            try (Replica one = Replica.start(redis.url());
                    Replica two = Replica.start(redis.url());
                    RawClient toOne = one.connect();
                    RawClient toTwo = two.connect();
                    WebSocketClient socket = WebSocketClient.open(one.address(), "app.test", "/ws")) {
                socket.sendText("before");
                socket.expectText("before");

                List<Long> delays = new ArrayList<>();
                for (int i = 0; i < CHANGES; i++) {
                    writer.hset("sluice:route:app.test", "upstream", (i % 2 == 0 ? even : odd).url());
                    long changed = System.nanoTime();
                    awaitText(toOne, i % 2 == 0 ? "even" : "odd");
                    awaitText(toTwo, i % 2 == 0 ? "even" : "odd");
                    delays.add((System.nanoTime() - changed) / 1_000_000);
                }
                // Most of them: a machine that is busy with other things may hold up this or that one.
                assertThat(delays.stream().sorted().toList().get(CHANGES / 2))
                        .as("half of the delays in ms: %s", delays)
                        .isLessThan(100);
                socket.sendText("after");
                socket.expectText("after");
            }
        }
    }

    private static void awaitText(RawClient client, String expected) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(
                        () -> assertThat(Replica.get(client, "app.test").text()).isEqualTo(expected));
    }
}
