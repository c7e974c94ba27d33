package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HostPolicy;
import dev.sluice.api.Identity;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Trust;
import dev.sluice.testkit.FakeRequest;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written into a stand-alone Redis, and what becomes of requests. */
class RedisRoutesTest {

    private static final String ROUTE = "sluice:route:";
    private static RedisProcess redis;
    private static RedisCommands<String, String> writer;
    private Routes routes;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start();
        writer = redis.commands();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        writer.flushall();
        writer.hset(ROUTE + "ready.test", "upstream", "http://ready");
        routes = Routes.at(redis.url());
        assertThat(routes.get("ready.test")).isEqualTo("http://ready:80");
    }

    @AfterEach
    void disconnect() {
        routes.close();
    }

    @Test
    void routeAddedChangedDeleted_isFollowed() {
        assertThat(routes.get("a.test")).isEqualTo("none");

        writer.hset(ROUTE + "a.test", "upstream", "http://one:8000");
        routes.awaitGet("a.test", "http://one:8000");

        writer.hset(ROUTE + "a.test", "upstream", "http://two:8000");
        routes.awaitGet("a.test", "http://two:8000");

        writer.del(ROUTE + "a.test");
        routes.awaitGet("a.test", "none");
    }

    @Test
    void expiredRoute_isGone_whetherRedisHasNoticedOrNot() {
        setActiveExpire(false);
        try {
            writer.hset(ROUTE + "brief.test", "upstream", "http://brief");
            writer.pexpire(ROUTE + "brief.test", 1000);
            routes.awaitGet("brief.test", "http://brief:80");
            routes.awaitGet("brief.test", "none");
        } finally {
            setActiveExpire(true);
        }
    }

    private static void setActiveExpire(boolean on) {
        var arguments =
                new CommandArgs<>(StringCodec.UTF8).add("SET-ACTIVE-EXPIRE").add(on ? 1 : 0);
        writer.dispatch(CommandType.DEBUG, new StatusOutput<>(StringCodec.UTF8), arguments);
    }

    @Test
    void expiryExtended_routeStays() {
        writer.hset(ROUTE + "kept.test", "upstream", "http://kept");
        writer.pexpire(ROUTE + "kept.test", 1000);
        routes.awaitGet("kept.test", "http://kept:80");
        writer.persist(ROUTE + "kept.test");
        writer.hset(ROUTE + "marker.test", "upstream", "http://marker");
        await().during(Duration.ofMillis(400))
                .untilAsserted(() -> assertThat(routes.get("kept.test")).isEqualTo("http://kept:80"));
    }

    @Test
    void flushedDatabase_clearsTable() {
        writer.flushall();
        routes.awaitGet("ready.test", "none");
        writer.hset(ROUTE + "after.test", "upstream", "http://after");
        routes.awaitGet("after.test", "http://after:80");
    }

    @Test
    void invalidChange_leavesLastGoodInForce_andOthersAlone() {
        writer.hset(ROUTE + "a.test", "upstream", "http://one");
        routes.awaitGet("a.test", "http://one:80");

        writer.hset(ROUTE + "a.test", Map.of("upstream", "ftp://two", "trust", "trusted"));
        writer.hset(ROUTE + "marker.test", "upstream", "http://marker");
        routes.awaitGet("marker.test", "http://marker:80");
        assertThat(routes.get("a.test")).isEqualTo("http://one:80");

        writer.hset(ROUTE + "a.test", "upstream", "http://two");
        routes.awaitGet("a.test", "http://two:80");
    }

    @Test
    void invalidFromTheStart_answers503_ratherThanALessSpecificRoute() {
        writer.hset(ROUTE + "a.test", "upstream", "http://open");
        writer.hset(ROUTE + "a.test/admin", Map.of("upstream", "http://admin", "user", "alice"));
        routes.awaitGet("a.test/admin", "503");
        routes.awaitGet("a.test/other", "http://open:80");

        writer.hdel(ROUTE + "a.test/admin", "user");
        routes.awaitGet("a.test/admin", "http://admin:80");
    }

    @Test
    void keyOfAnotherType_orWithABadName_breaksNothing() {
        writer.set(ROUTE + "text.test", "http://text");
        writer.hset(ROUTE + "UPPER.test", "upstream", "http://upper");
        writer.hset(ROUTE, "upstream", "http://none");
        writer.hset(ROUTE + "a.test", "upstream", "http://a");
        routes.awaitGet("a.test", "http://a:80");
        routes.awaitGet("text.test", "503");
        assertThat(routes.get("upper.test")).isEqualTo("none");
        assertThat(routes.readiness().ready()).isTrue();
    }

    @Test
    void usersAndGroups_othersGet403() {
        writer.hset(ROUTE + "a.test", Map.of("upstream", "http://a", "users", "alice, bob", "groups", "staff"));
        routes.awaitGet("a.test", "403");
        var request = FakeRequest.get("http://a.test/");
        assertThat(as(request, Identity.of("bob"))).isEqualTo("http://a:80");
        assertThat(as(request, Identity.of("eve"))).isEqualTo("403");
        assertThat(as(request, Identity.of("eve").withClaims(Map.of("groups", List.of("guests", "staff")))))
                .isEqualTo("http://a:80");

        writer.hset(ROUTE + "a.test", Map.of("users", "", "groups", ""));
        await().untilAsserted(() -> assertThat(as(request, Identity.of("bob"))).isEqualTo("403"));
    }

    private String as(FakeRequest request, Identity identity) {
        return Routes.inShort(routes.decide(request.withIdentity(identity)));
    }

    @Test
    void pathThatCouldMeanTheGuardedRoute_isRefused() {
        writer.hset(ROUTE + "a.test", "upstream", "http://a");
        writer.hset(ROUTE + "a.test/admin", Map.of("upstream", "http://a", "users", "alice"));
        routes.awaitGet("a.test/admin", "403");
        assertThat(routes.get("a.test/%61dmin")).isEqualTo("400");
        assertThat(routes.get("a.test/a%20b")).isEqualTo("http://a:80");
    }

    @Test
    void everyField_isInTheDecision() {
        writer.hset(
                ROUTE + "full.test/app",
                Map.of(
                        "upstream", "https://full:8443/base",
                        "trust", "trusted",
                        "host-policy", "target",
                        "strip-prefix", "true",
                        "timeouts.connect", "500ms",
                        "timeouts.tunnel-idle", "2h",
                        "timeouts.tunnel-lifetime", "12h",
                        "to-client.set.X-Frame-Options", "DENY",
                        "to-client.remove", "Server"));
        routes.awaitGet("full.test/app/x?y=1", "https://full:8443/base/x?y=1");
        Forward forward = (Forward) routes.decide(FakeRequest.get("http://full.test/app"));
        assertThat(forward.trust()).isEqualTo(Trust.TRUSTED);
        assertThat(forward.rewrite().host()).isEqualTo(HostPolicy.TARGET);
        assertThat(forward.rewrite().target()).contains("/base");
        assertThat(forward.timeouts().connect()).contains(Duration.ofMillis(500));
        assertThat(forward.timeouts().tunnelIdle()).contains(Duration.ofHours(2));
        assertThat(forward.timeouts().tunnelLifetime()).contains(Duration.ofHours(12));
        assertThat(forward.timeouts().bodyIdle()).isEmpty();
        assertThat(forward.toClient())
                .isEqualTo(HeaderEdits.builder()
                        .remove("Server")
                        .put("X-Frame-Options", "DENY")
                        .build());
    }

    @Test
    void severalUpstreams_takeTurnsByWeight() {
        writer.hset(ROUTE + "many.test", "upstream", "http://a 2, http://b");
        routes.awaitGet("many.test", "http://a:80");
        var six = IntStream.range(0, 6)
                .mapToObj(i -> routes.get("many.test"))
                .sorted()
                .toList();
        assertThat(six)
                .containsExactly(
                        "http://a:80", "http://a:80", "http://a:80", "http://a:80", "http://b:80", "http://b:80");
    }

    @Test
    void manyChangesAtOnce_allArrive() {
        for (int i = 0; i < 1000; i++) {
            writer.hset(ROUTE + "h" + (i % 50) + ".test", "upstream", "http://u" + i);
        }
        for (int i = 0; i < 50; i++) {
            routes.awaitGet("h" + i + ".test", "http://u" + (950 + i) + ":80");
        }
    }
}
