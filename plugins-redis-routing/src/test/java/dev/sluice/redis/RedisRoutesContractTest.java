package dev.sluice.redis;

import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.contract.RouteResolverContract;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisRoutesContractTest extends RouteResolverContract {

    private static RedisProcess redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start("--requirepass", "s3cret-pass");
        var writer = redis.commands();
        writer.hset("sluice:route:app.example.org", "upstream", "http://a:1, http://b:2");
        writer.hset(
                "sluice:route:*.example.org/x",
                Map.of("upstream", "http://c/base", "users", "alice", "to-client.set.X-K", "s3cret-value"));
        writer.hset("sluice:route:broken.example.org", "upstream", "?");
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    protected RouteResolver resolver() {
        String config = "url = \"redis://:s3cret-pass@127.0.0.1:%d\", activity {}".formatted(redis.port());
        return new RedisRoutesProvider().create(new TestContext(HoconConfig.parse(config), Clock.systemUTC()));
    }

    @Override
    protected List<ProxyRequest> requests() {
        Identity alice = Identity.of("alice");
        return List.of(
                FakeRequest.get("https://app.example.org/").withIdentity(alice),
                FakeRequest.of("POST", "https://app.example.org/upload").withIdentity(alice),
                FakeRequest.webSocket("https://app.example.org/ws").withIdentity(alice),
                FakeRequest.get("https://other.example.org/x/y?z").withIdentity(alice),
                FakeRequest.get("https://other.example.org/x/y?z").withIdentity(Identity.of("eve")),
                FakeRequest.get("https://broken.example.org/").withIdentity(alice),
                FakeRequest.get("https://unknown.test/").withIdentity(alice));
    }

    @Override
    protected Set<String> secrets() {
        return Set.of("s3cret-pass", "s3cret-value");
    }
}
