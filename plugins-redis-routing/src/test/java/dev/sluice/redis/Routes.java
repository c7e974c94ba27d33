package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Readiness;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteDecision.NotFound;
import dev.sluice.api.RouteDecision.OneOf;
import dev.sluice.api.RouteDecision.Respond;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakeRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;

/** A resolver as the provider makes it, asked in the terms of the tests. */
final class Routes implements AutoCloseable {

    private final RouteResolver resolver;

    private Routes(RouteResolver resolver) {
        this.resolver = resolver;
    }

    /** On one server, or on the nodes of a cluster; anything else by default. */
    static Routes at(String... urls) {
        return from(
                "url = ["
                        + String.join(
                                ", ",
                                Arrays.stream(urls).map(u -> '"' + u + '"').toList()) + "]",
                Clock.systemUTC());
    }

    static Routes from(String config, Clock clock) {
        return new Routes(new RedisRoutesProvider().create(new TestContext(HoconConfig.parse(config), clock)));
    }

    RouteDecision decide(ProxyRequest request) {
        var stage = resolver.resolve(request).toCompletableFuture();
        assertThat(stage).as("answered without waiting").isDone();
        return stage.join();
    }

    /** What a GET leads to, in short: an upstream with its target, a status, or "none". */
    String get(String hostAndPath) {
        return inShort(decide(FakeRequest.get("http://" + hostAndPath)));
    }

    static String inShort(RouteDecision decision) {
        if (decision instanceof Forward forward) {
            return forward.upstream() + forward.rewrite().target().orElse("");
        }
        if (decision instanceof OneOf group) {
            return inShort(group.candidates().get(0));
        }
        if (decision instanceof Respond respond) {
            return "" + respond.response().status();
        }
        assertThat(decision).isInstanceOf(NotFound.class);
        return "none";
    }

    /** Waits for a change that has been made. */
    void awaitGet(String hostAndPath, String expected) {
        awaitGet(hostAndPath, expected, Duration.ofSeconds(5));
    }

    void awaitGet(String hostAndPath, String expected, Duration atMost) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(atMost)
                .untilAsserted(() -> assertThat(get(hostAndPath)).isEqualTo(expected));
    }

    Readiness readiness() {
        return resolver.readiness();
    }

    @Override
    public void close() {
        resolver.close();
    }
}
