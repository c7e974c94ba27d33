package dev.sluice.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.ProxyRequest;
import dev.sluice.engine.When;
import dev.sluice.testkit.FakeRequest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhenConfigTest {

    private static final String RESOLVERS = "\nresolvers = [ { plugin = static } ]";

    /** What becomes of a request: PASS is the condition met, SKIP not met, 400 refused before anyone is asked. */
    private static String outcome(String when, ProxyRequest request) {
        ProxyConfig config = config(when);
        Authenticator guard = config.ambiguousPathGuard().orElse(null);
        if (guard != null) {
            AuthDecision decision =
                    guard.authenticate(request).toCompletableFuture().join();
            if (decision instanceof AuthDecision.Respond respond) {
                return String.valueOf(respond.response().status());
            }
            assertThat(decision).isInstanceOf(AuthDecision.Abstain.class);
        }
        return config.authenticators().get(0).when().matches(request) ? "PASS" : "SKIP";
    }

    private static ProxyConfig config(String when) {
        return ProxyConfig.read(HoconConfig.parse("authenticators = [ { plugin = x, " + when + " } ]" + RESOLVERS));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, PASS",
        "www.example.org, SKIP",
        "apps.example.org, SKIP",
        "a.apps.example.org, PASS",
        "a.b.apps.example.org, PASS",
        ".apps.example.org, SKIP",
        "aapps.example.org, SKIP",
        "evilexample.org, SKIP",
        "example.org.evil, SKIP",
    })
    void hosts_areExactOrWildcards(String host, String outcome) {
        assertThat(outcome(
                        "when { hosts = [Example.ORG, \"*.apps.example.org\"] }",
                        FakeRequest.get("http://" + host + "/")))
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "/public, PASS",
        "/public/, PASS",
        "/public/a, PASS",
        "/public?x=1, PASS",
        "/public/.well-known/x, PASS",
        "/public/a%20b%C3%A9, PASS",
        "/public/a%2Fb, PASS",
        "/public/100%25, PASS",
        "/publicity, SKIP",
        "/PUBLIC, SKIP",
        "/, SKIP",
        "/a/public, SKIP",
        "/admin?x=/public/, SKIP",
        "/api/contents/a%2Fb%20c, SKIP",
        "/api/contents/100%25, SKIP",
        "/app;jsessionid=1/x, SKIP",
        "/a//b, SKIP",
        "/.git/config, SKIP",
        "/a/...b/c.., SKIP",
    })
    void paths_arePrefixesThatEndAtASegment(String target, String outcome) {
        assertThat(outcome("when { paths = [\"/public/\"] }", FakeRequest.get("http://h" + target)))
                .isEqualTo(outcome);
    }

    /** Requests that some server behind the proxy reads as one for {@code /admin}, whatever they look like. */
    static Stream<String> readAsAdmin() {
        return Stream.of(
                "/public/../admin",
                "/public/./../admin",
                "/public/..%2fadmin",
                "/public/%2e%2e/admin",
                "/public/.%2E/admin",
                "/public/%2e%2e%2fadmin",
                "/public%2f..%2fadmin",
                "/public/..%5cadmin",
                "/public/..\\admin",
                "/public\\..\\admin",
                "/public/%252e%252e/admin",
                "/public/%252e%252e%252fadmin",
                "/public/%25252e%25252e/admin",
                "/public/x%2fy/%2e%2e/%2e%2e/admin",
                "/public/..;/admin",
                "/public/..;x=1/admin",
                "/public;x=/../admin",
                "/public/%2e%2e%3b/admin",
                "/public/..%00/admin",
                "/public/..%c0%afadmin",
                "/public/%c0%ae%c0%ae/admin",
                "/public/%e0%80%ae%e0%80%ae/admin",
                "/%61dmin",
                "/%u0061dmin",
                "/public/%u002e%u002e/admin",
                "/adm%69n/users",
                "/%2561dmin",
                "/admin%2fusers",
                "/admin;x=1/users",
                "/admin;.css",
                "//admin",
                "///admin/users",
                "/%2fadmin",
                "/;x/admin",
                "/%2e/admin");
    }

    /** Requests that some server may read as one for another path, or as one for {@code /public}. */
    static Stream<String> doubtful() {
        return Stream.of(
                "/public/..",
                "/public/.",
                "/./public/a",
                "/public/a%3b/..",
                "/public/%00",
                "/public/%",
                "/public/%2",
                "/public/..%0d%0a",
                "/public/%25252525252e",
                "/%41dmin/..",
                "/%70ublic/a",
                "/public%2fa",
                "//public/a");
    }

    @ParameterizedTest
    @MethodSource({"readAsAdmin", "doubtful"})
    void door_doesNotOpenForPathsThatMayBeReadOtherwise(String target) {
        assertThat(outcome("when { paths = [\"/public\"] }", FakeRequest.get("http://h" + target)))
                .isNotEqualTo("PASS");
    }

    @ParameterizedTest
    @MethodSource("readAsAdmin")
    void guard_isNotSteppedAround(String target) {
        assertThat(outcome("when { paths = [\"/admin\"] }", FakeRequest.get("http://h" + target)))
                .isEqualTo("400");
    }

    @ParameterizedTest
    @MethodSource("doubtful")
    void doubtfulPath_isRefused(String target) {
        assertThat(outcome("when { paths = [\"/public\"] }", FakeRequest.get("http://h" + target)))
                .isEqualTo("400");
    }

    @Test
    void ambiguousPath_isRefusedOnlyWhereAConditionOnPathsRegardsIt() {
        String when = "when { hosts = [a], methods = [GET], paths = [\"/public\"] }";
        String dots = "http://a/public/../x";
        assertThat(outcome(when, FakeRequest.get(dots))).isEqualTo("400");
        assertThat(outcome(when, FakeRequest.of("POST", dots))).isEqualTo("SKIP");
        assertThat(outcome(when, FakeRequest.get("http://b/public/../x"))).isEqualTo("SKIP");
        assertThat(outcome("when { hosts = [a] }", FakeRequest.get(dots))).isEqualTo("PASS");
    }

    @Test
    void conditionsOfResolvers_areGuardedToo() {
        ProxyConfig config = ProxyConfig.read(HoconConfig.parse("""
                authenticators = [ { plugin = anonymous } ]
                resolvers = [ { plugin = static, when { paths = ["/a"] } } ]
                """));
        assertThat(config.ambiguousPathGuard()).isPresent();
    }

    @Test
    void dimensions_mustAllMatch() {
        String when = "when { hosts = [a, b], paths = [\"/p\"], methods = [GET, HEAD] }";
        assertThat(outcome(when, FakeRequest.get("http://b/p"))).isEqualTo("PASS");
        assertThat(outcome(when, FakeRequest.of("HEAD", "http://b/p"))).isEqualTo("PASS");
        assertThat(outcome(when, FakeRequest.of("POST", "http://b/p"))).isEqualTo("SKIP");
        assertThat(outcome(when, FakeRequest.of("get", "http://b/p"))).isEqualTo("SKIP");
        assertThat(outcome(when, FakeRequest.get("http://c/p"))).isEqualTo("SKIP");
        assertThat(outcome(when, FakeRequest.get("http://a/q"))).isEqualTo("SKIP");
    }

    @Test
    void rootPath_takesEverything() {
        String when = "when { paths = [\"/\"] }";
        assertThat(outcome(when, FakeRequest.get("http://h/a/b"))).isEqualTo("PASS");
    }

    @Test
    void noWhen_matchesAlwaysAndNeedsNoGuard() {
        ProxyConfig config = config("");
        assertThat(config.authenticators().get(0).when()).isSameAs(When.ALWAYS);
        assertThat(config.ambiguousPathGuard()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "when { } | when: empty (expected: hosts, paths or methods), proxy.conf: 1",
                "when { hosts = [] } | when.hosts: empty (expected: at least one, or no such key), proxy.conf: 1",
                "when { hosts = [\"a:80\"] } | when.hosts[0]: a:80 (expected: a host without a port, or *.host), proxy.conf: 1",
                "when { hosts = [a, \"*\"] } | when.hosts[1]: * (expected: a host without a port, or *.host), proxy.conf: 1",
                "when { hosts = [\"a.*.b\"] } | when.hosts[0]: a.*.b (expected: a host without a port, or *.host), proxy.conf: 1",
                "when { methods = [get] } | when.methods[0]: get (expected: a method in capitals, such as GET), proxy.conf: 1",
                "when { path = \"/x\" } | when.path: unknown key (expected: hosts, methods, paths), proxy.conf: 1",
                "when { hosts = [{}] } | when.hosts[0]: a section (expected: a text), proxy.conf: 1",
                "when = x | when: x (expected: a section: { ... }), proxy.conf: 1",
            })
    void wrongConditions_areRefused(String when, String message) {
        assertThatThrownBy(() -> config(when)).hasMessage("authenticators[0]." + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "/a%20b", "/a/../b", "/a/.", "//a", "/a;b", "/a?b", "/a#b", "/ä", "/a b"})
    void prefixesThatCanBeReadInSeveralWays_areRefused(String path) {
        assertThatThrownBy(() -> config("when { paths = [\"" + path + "\"] }"))
                .hasMessageContaining("authenticators[0].when.paths[0]: ")
                .hasMessageContaining("(expected: starts with /, without escapes");
    }
}
