package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Two replicas of the proxy whose sessions are in a Redis master that a Sentinel replaces. */
final class FailOverTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock(Instant.now());

    @Test
    void masterHangs_requestsAreAnsweredAllTheWhile_andSessionsAndTheirWebSocketsOutliveIt() throws IOException {
        try (TestRedis master = new TestRedis();
                TestRedis standby = TestRedis.replicaOf(master);
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            await().atMost(LONG).until(() -> standby.run(RedisCommands::info).contains("master_link_status:up"));
            // Not before the standby is there: it asks the master for its replicas every ten seconds only.
            try (TestRedis sentinel = TestRedis.sentinelOf(master)) {
                // The Sentinel that is asked first never answers.
                String url = "redis-sentinel://127.0.0.1:%d,127.0.0.1:%d/0#sessions"
                        .formatted(silent.getLocalPort(), sentinel.port());
                failOver(url, master, standby);
            }
        }
    }

    private void failOver(String url, TestRedis master, TestRedis standby) throws IOException {
        ScriptedProvider provider = new ScriptedProvider(clock);
        String config = TestConfigs.oidc(provider, "session { store = redis, timeout = 1s, url = \"" + url + "\" }");
        try (provider;
                Replica one = Replica.start(clock, Scripts.echo(), config);
                Replica two = Replica.start(clock, Scripts.webSocketEcho(), config)) {
            await().atMost(LONG)
                    .until(() -> one.authenticator().readiness().ready()
                            && two.authenticator().readiness().ready());
            Browser browser = new Browser(one.address());
            assertThat(browser.open("https://p.test/").status()).isEqualTo(200);
            try (WebSocketClient tunnel = tunnel(two, browser)) {
                tunnel.sendText("before");
                tunnel.expectText("before");
                await().atMost(LONG)
                        .until(() -> standby.run(RedisCommands::dbsize).equals(master.run(RedisCommands::dbsize)));
                master.freeze();
                await().atMost(LONG).until(() -> answered(browser) == 503);
                await().atMost(LONG).until(() -> answered(browser) == 200 && told(standby) == 2);
                assertThat(provider.calls("token authorization_code")).isEqualTo(1);
                tunnel.sendText("after");
                tunnel.expectText("after");

                browser.send("POST", "https://p.test/.sluice/sso/logout", "Origin: https://p.test");
                tunnel.expectClose(1008);
            }
        }
    }

    /** The status of a request, which has an answer soon whatever Redis does. */
    private static int answered(Browser browser) {
        long asked = System.nanoTime();
        int status = browser.fetch("https://p.test/").status();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
        assertThat(status).isIn(200, 503);
        return status;
    }

    /** How many clients Redis tells of changes: B. */
    private static long told(TestRedis redis) {
        return redis.run(commands -> commands.clientList()
                .lines()
                .filter(line -> line.matches(".* flags=[A-Za-z]*B.*"))
                .count());
    }

    private static WebSocketClient tunnel(Replica replica, Browser browser) {
        return WebSocketClient.on(RawClient.connect(replica.address())
                .send(browser.request(
                        "GET",
                        URI.create("https://p.test/ws"),
                        "Origin: https://p.test",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")));
    }
}
