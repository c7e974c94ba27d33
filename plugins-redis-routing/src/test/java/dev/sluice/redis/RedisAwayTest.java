package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.RouteDecision.Respond;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.ManualClock;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis stops, hangs, comes back. */
class RedisAwayTest {

    private static final String ROUTE = "sluice:route:";
    private final RedisProcess redis = RedisProcess.start();

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void redisKilled_knownRoutesAreServed_unknownGet503WithRetryAfter() {
        redis.commands().hset(ROUTE + "known.test", "upstream", "http://known");
        try (Routes routes = Routes.at(redis.url())) {
            assertThat(routes.get("unknown.test")).isEqualTo("none");
            redis.kill();
            routes.awaitGet("unknown.test", "503");
            assertThat(routes.get("known.test")).isEqualTo("http://known:80");
            var refused = (Respond) routes.decide(FakeRequest.get("http://unknown.test/"));
            assertThat(refused.response().headers()).anyMatch(h -> h.getKey().equals("Retry-After"));
            assertThat(routes.readiness().ready()).isFalse();
            assertThat(routes.readiness().reason()).contains("out of touch with Redis since");
        }
    }

    @Test
    void redisAwayForLongerThanTheBound_nothingIsServed() {
        redis.commands().hset(ROUTE + "known.test", "upstream", "http://known");
        var clock = new ManualClock();
        try (Routes routes = Routes.from("staleness = 1m, url = \"" + redis.url() + "\"", clock)) {
            redis.kill();
            routes.awaitGet("unknown.test", "503");
            clock.advance(Duration.ofSeconds(59));
            assertThat(routes.get("known.test")).isEqualTo("http://known:80");
            clock.advance(Duration.ofSeconds(2));
            assertThat(routes.get("known.test")).isEqualTo("503");
            assertThat(routes.readiness().reason()).contains("no routes from Redis");
        }
    }

    @Test
    void redisBack_whatChangedMeanwhileIsSeen_andChangesAreFollowedAgain() {
        RedisCommands<String, String> before = redis.commands();
        before.hset(ROUTE + "stays.test", "upstream", "http://stays");
        before.hset(ROUTE + "goes.test", "upstream", "http://goes");
        try (Routes routes = Routes.at(redis.url())) {
            redis.kill();
            routes.awaitGet("unknown.test", "503");
            redis.restartWithout(ROUTE + "goes.test", ROUTE + "comes.test", "upstream", "http://comes");
            routes.awaitGet("comes.test", "http://comes:80", Duration.ofSeconds(5));
            assertThat(routes.get("goes.test")).isEqualTo("none");
            assertThat(routes.get("stays.test")).isEqualTo("http://stays:80");
            assertThat(routes.readiness().ready()).isTrue();
            redis.commands().hset(ROUTE + "comes.test", "upstream", "http://changed");
            routes.awaitGet("comes.test", "http://changed:80");
        }
    }

    @Test
    void lastGoodRoute_outlivesAReconnect_whenItsHashIsInvalidByThen() {
        redis.commands().hset(ROUTE + "a.test", "upstream", "http://good");
        try (Routes routes = Routes.at(redis.url())) {
            redis.commands().hset(ROUTE + "a.test", "trust", "maybe");
            redis.kill();
            routes.awaitGet("unknown.test", "503");
            redis.restart();
            routes.awaitGet("unknown.test", "none", Duration.ofSeconds(5));
            assertThat(routes.get("a.test")).isEqualTo("http://good:80");
        }
    }

    @Test
    void redisHangs_isNoticed_andNoRequestWaits() {
        redis.commands().hset(ROUTE + "known.test", "upstream", "http://known");
        String config = "timeout = 300ms, url = \"" + redis.url() + "\"";
        try (Routes routes = Routes.from(config, Clock.systemUTC())) {
            redis.freeze();
            routes.awaitGet("unknown.test", "503", Duration.ofSeconds(4));
            assertThat(routes.get("known.test")).isEqualTo("http://known:80");
            redis.thaw();
            routes.awaitGet("unknown.test", "none", Duration.ofSeconds(5));
        }
    }

    @Test
    void redisNotThereAtTheStart_proxyStarts_andFillsTheTableLater() {
        redis.commands().hset(ROUTE + "known.test", "upstream", "http://known");
        redis.kill();
        try (Routes routes = Routes.at(redis.url())) {
            assertThat(routes.get("known.test")).isEqualTo("503");
            assertThat(routes.readiness().ready()).isFalse();
            redis.restart();
            routes.awaitGet("known.test", "http://known:80", Duration.ofSeconds(5));
        }
    }

    @Test
    void connectionCutAgainAndAgain_noChangeIsMissed() {
        RedisCommands<String, String> writer = redis.commands();
        try (Routes routes = Routes.at(redis.url())) {
            for (int i = 0; i < 100; i++) {
                writer.hset(ROUTE + "a.test", "upstream", "http://u" + i);
                if (i % 10 == 0) {
                    writer.clientKill(KillArgs.Builder.typeNormal().skipme());
                }
            }
            await().untilAsserted(() -> assertThat(routes.get("a.test")).isEqualTo("http://u99:80"));
        }
    }

    @Test
    void userWithFewRights_suffices() {
        RedisCommands<String, String> admin = redis.commands();
        admin.hset(ROUTE + "known.test", "upstream", "http://known");
        admin.dispatch(
                CommandType.ACL,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8)
                        .add("SETUSER")
                        .add("sluice")
                        .add("reset")
                        .add("on")
                        .add(">s3cret")
                        .add("~sluice:*")
                        .add("+ping")
                        .add("+client")
                        .add("+scan")
                        .add("+hgetall")
                        .add("+pttl")
                        .add("+set"));
        try (Routes routes = Routes.at("redis://sluice:s3cret@127.0.0.1:" + redis.port())) {
            assertThat(routes.get("known.test")).isEqualTo("http://known:80");
            admin.hset(ROUTE + "known.test", "upstream", "http://changed");
            routes.awaitGet("known.test", "http://changed:80");
        }
    }

    @Test
    void wrongPassword_isSaidInReadiness_withoutThePassword() {
        redis.commands().configSet("requirepass", "s3cret");
        try (Routes routes = Routes.at("redis://:wr0ng@127.0.0.1:" + redis.port())) {
            assertThat(routes.get("known.test")).isEqualTo("503");
            assertThat(routes.readiness().reason()).contains("WRONGPASS").doesNotContain("wr0ng");
        }
    }
}
