package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis behind TLS. */
class TlsTest {

    private static RedisProcess redis;
    private static TlsRelay relay;

    @BeforeAll
    static void start() {
        redis = RedisProcess.start();
        relay = TlsRelay.to(redis.port());
        redis.commands().hset("sluice:route:a.test", "upstream", "http://a");
    }

    @AfterAll
    static void stop() {
        relay.close();
        redis.close();
    }

    @Test
    void certificateOfTheGivenFile_isTrusted_andRoutesAreFollowed() {
        try (Routes routes = routes("127.0.0.1")) {
            assertThat(routes.get("a.test")).isEqualTo("http://a:80");
            redis.commands().hset("sluice:route:b.test", "upstream", "http://b");
            routes.awaitGet("b.test", "http://b:80");
        }
    }

    @Test
    void certificateForAnotherName_isRefused() {
        try (Routes routes = routes("localhost")) {
            assertThat(routes.get("a.test")).isEqualTo("503");
            assertThat(routes.readiness().reason()).containsIgnoringCase("localhost");
        }
    }

    @Test
    void unknownCertificate_isRefused() {
        try (Routes routes = Routes.at("rediss://127.0.0.1:" + relay.port())) {
            assertThat(routes.get("a.test")).isEqualTo("503");
            assertThat(routes.readiness().ready()).isFalse();
        }
    }

    private static Routes routes(String host) {
        String config = "url = \"rediss://%s:%d\", ca-file = \"%s\"".formatted(host, relay.port(), relay.certificate());
        return Routes.from(config, Clock.systemUTC());
    }
}
