package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.ForwardListener;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteDecision.OneOf;
import dev.sluice.testkit.FakeRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteParserTest {

    private static Forward first(String key, Map<String, String> fields, String target) throws InvalidRouteException {
        return (Forward) decision(key, fields, target);
    }

    private static RouteDecision decision(String key, Map<String, String> fields, String target)
            throws InvalidRouteException {
        Route route = new RouteParser("groups").parse(RouteKey.parse(key), fields, Route.NEVER, ForwardListener.NONE);
        var request = FakeRequest.get("http://example.org" + target);
        return route.decide(request).toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({
        "upstream, ftp://x, upstream: ftp://x (expected: http://",
        "upstream, http://me:pw@x, upstream: http://***@x (expected:",
        "upstream, http://x?y=1, upstream: http://x?y=1 (expected:",
        "upstream, http://x 0, 'upstream: weight 0 (expected: 1-100)'",
        "upstream, 'http://x 1,', upstream:  (expected:",
        "trust, full, 'trust: full (expected: trusted or untrusted)'",
        "host-policy, a b, host-policy: a b (expected: preserve",
        "strip-prefix, yes, 'strip-prefix: yes (expected: true or false)'",
        "timeouts.connect, 5, timeouts.connect: 5 (expected: a positive duration",
        "timeouts.connect, 0s, timeouts.connect: 0s (expected: a positive duration",
        "to-client.set.Set-Cookie, a=b, to-client.set.Set-Cookie: header: Set-Cookie (expected:",
        "to-client.remove, Connection, to-client.remove: header: Connection (expected:",
        "user, alice, user: not a field of a route"
    })
    void invalidField_isNamed_withWhatWasFoundAndExpected(String field, String value, String message) {
        Map<String, String> fields = new HashMap<>(Map.of("upstream", "http://ok"));
        fields.put(field, value);
        assertThatThrownBy(() -> first("example.org", fields, "/"))
                .isInstanceOf(InvalidRouteException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void headerValue_isNeverQuoted() {
        assertThatThrownBy(() -> first("a", Map.of("upstream", "http://x", "to-client.set.X-Key", "s3cret\n"), "/"))
                .hasMessageStartingWith("to-client.set.X-Key: ")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void noUpstream_isRefused() {
        assertThatThrownBy(() -> first("example.org", Map.of("trust", "trusted"), "/"))
                .hasMessageStartingWith("upstream: missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/app",
                "Example.org",
                "example.org:80",
                "example.org.",
                "a..b",
                "*example.org",
                "a.*.b",
                "example.org/",
                "example.org/app/",
                "example.org//x",
                "example.org/a?b",
                "example.org/a%20b",
                "example.org/a/../b",
                "example.org/.",
                "example.org/a b",
                "example.org/é"
            })
    void badKey_isRefused(String name) {
        assertThatThrownBy(() -> RouteKey.parse(name))
                .isInstanceOf(InvalidRouteException.class)
                .hasMessageStartingWith("key: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "*", "*/app", "*.example.org/a/b", "localhost", "[::1]/x", "a_b.test/a.b"})
    void goodKey_isAccepted(String name) throws InvalidRouteException {
        assertThat(RouteKey.parse(name)).hasToString(name);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "unchanged",
            value = {
                "http://x,       false, /app/y?z,  unchanged",
                "http://x/,      false, /app/y?z,  unchanged",
                "http://x/base,  false, /app/y?z,  /base/app/y?z",
                "http://x/base/, true,  /app/y?z,  /base/y?z",
                "http://x,       true,  /app/y?z,  /y?z",
                "http://x,       true,  /app,      /",
                "http://x,       true,  /app?z,    /?z",
                "http://x/base,  true,  /app?z,    /base/?z",
            })
    void basePathAndStrippedPrefix_makeTheTarget(String upstream, String strip, String target, String expected)
            throws InvalidRouteException {
        Forward forward = first("example.org/app", Map.of("upstream", upstream, "strip-prefix", strip), target);
        assertThat(forward.rewrite().target().orElse(null)).isEqualTo(expected);
    }

    @Test
    void severalUpstreams_standInForOneAnotherInTheirOrder() throws InvalidRouteException {
        var hash = Map.of("upstream", "http://a, http://b/base, http://c");
        assertThat(((OneOf) decision("example.org", hash, "/x")).candidates())
                .extracting(Routes::inShort)
                .containsExactly("http://a:80", "http://b:80/base/x", "http://c:80");
    }

    @Test
    void weights_areSpreadEvenly() {
        assertThat(Rotation.of(List.of("a", "b"), List.of(30, 10))).containsExactly("a", "a", "b", "a");
        assertThat(Rotation.of(List.of("a", "b", "c"), List.of(1, 1, 1))).containsExactly("a", "b", "c");
    }
}
