package dev.sluice.engine.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HostPolicy;
import dev.sluice.api.Probe;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteDecision.OneOf;
import dev.sluice.api.RouteDecision.Respond;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Timeouts;
import dev.sluice.api.Trust;
import dev.sluice.api.Upstream;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticRoutesTest {

    private static RouteResolver routes(String routes) {
        HoconConfig config = HoconConfig.parse("routes = [\n" + routes + "\n]");
        RouteResolver resolver = new StaticProvider().create(new FakePluginContext(config));
        config.refuseUnread();
        return resolver;
    }

    private static RouteDecision decide(RouteResolver resolver, String host, String target) {
        return resolver.resolve(FakeRequest.get("http://" + host + target))
                .toCompletableFuture()
                .join();
    }

    /** Where a request goes: the upstream's host and the target, or the status of the answer. */
    private static String outcome(RouteResolver resolver, String host, String target) {
        RouteDecision decision = decide(resolver, host, target);
        if (decision instanceof Forward forward) {
            return forward.upstream().host() + forward.rewrite().target().orElse(target);
        }
        return decision instanceof Respond respond
                ? String.valueOf(respond.response().status())
                : "none";
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, /, site/",
        "example.org, /api, api/api",
        "example.org, /api?x=/api/v2, api/api?x=/api/v2",
        "example.org, /api/v1, api/api/v1",
        "example.org, /api/v2/x, v2/api/v2/x",
        "example.org, /apiary, site/apiary",
        "a.example.org, /x, wild/x",
        "a.b.example.org, /x, wild/x",
        "c.apps.example.org, /x, apps/x",
        "c.apps.example.org, /only, apps/only",
        "example.com, /x, any/x",
        "bare.example.com, /else, any/else",
        "bare.example.com, /only/x, bare/only/x",
    })
    void mostSpecificHostThenLongestPath_wins(String host, String target, String outcome) {
        RouteResolver resolver = routes("""
                { upstream = "http://any" }
                { path = "/only", upstream = "http://anyonly" }
                { host = "*.example.org", upstream = "http://wild" }
                { host = "*.apps.example.org", upstream = "http://apps" }
                { host = bare.example.com, path = /only, upstream = "http://bare" }
                { host = Example.org, path = "/api", upstream = "http://api" }
                { host = example.org, path = "/api/v2/", upstream = "http://v2" }
                { host = example.org, upstream = "http://site" }
                """);
        assertThat(outcome(resolver, host, target)).isEqualTo(outcome);
    }

    @Test
    void requestOfNoRoute_isNotFound() {
        RouteResolver resolver = routes("{ host = example.org, path = /a, upstream = \"http://u\" }");
        assertThat(outcome(resolver, "example.org", "/b")).isEqualTo("none");
        assertThat(outcome(resolver, "example.com", "/a")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "/app, false, '', /app/x?q=%2F, /app/x?q=%2F",
        "/app, true, '', /app/x%2Fy?q=%2F, /x%2Fy?q=%2F",
        "/app, true, '', /app, /",
        "/app, true, '', /app/, /",
        "/app, true, '', /app?q, /?q",
        "/app, true, /base, /app, /base",
        "/app, true, /base/, /app/, /base/",
        "/app, true, /base, /app/x?q, /base/x?q",
        "/app, false, /base, /app/x, /base/app/x",
        "/, false, /base, /, /base/",
        "/, true, /base, /x, /base/x",
        "/, true, '', /x, /x",
        "/app, true, '', /app//x, //x",
    })
    void prefixAndBasePath_makeTheTarget(String path, boolean strip, String base, String target, String expected) {
        RouteResolver resolver = routes(
                "{ path = \"" + path + "\", strip-prefix = " + strip + ", upstream = \"http://u" + base + "\" }");
        assertThat(outcome(resolver, "h", target)).isEqualTo("u" + expected);
    }

    @Test
    void routeThatChangesNothing_handsOutTheSameDecision() {
        RouteResolver resolver = routes("{ path = /a, upstream = \"http://u/\" }");
        assertThat(resolver.resolve(FakeRequest.get("http://h/a/1")))
                .isSameAs(resolver.resolve(FakeRequest.get("http://h/a/2")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/public/../admin",
                "/public/%2e%2e/admin",
                "/public/..%2fadmin",
                "/public/..;/admin",
                "/public/..\\admin",
                "/%61dmin",
                "//admin",
                "/admin;x",
                "/admin%2f",
                "/public/%00",
            })
    void pathThatMayLeadToAnotherRoute_isRefused(String target) {
        RouteResolver resolver = routes("""
                { upstream = "http://site" }
                { path = /public, upstream = "http://public" }
                { path = /admin, upstream = "http://admin" }
                """);
        assertThat(outcome(resolver, "h", target)).isEqualTo("400");
    }

    @Test
    void pathThatClimbsOutOfTheBasePath_isRefused() {
        assertThat(outcome(routes("{ upstream = \"http://u/base\" }"), "h", "/../x"))
                .isEqualTo("400");
    }

    @Test
    void pathThatLeadsToOneRouteAnyway_passesAsSent() {
        RouteResolver resolver = routes("""
                { host = one, upstream = "http://one" }
                { host = two, path = /public, upstream = "http://public" }
                { host = two, upstream = "http://two" }
                """);
        assertThat(outcome(resolver, "one", "/public/..%2f..;//%61")).isEqualTo("one/public/..%2f..;//%61");
        assertThat(outcome(resolver, "two", "/files/a%2Fb;v=1//c")).isEqualTo("two/files/a%2Fb;v=1//c");
    }

    /** The tool and what is carved out of it say that an encoded slash is theirs; the other routes do not. */
    @ParameterizedTest
    @CsvSource({
        "/files/dir%2Ffile, tool",
        "/api/contents/a%2Fb, tool",
        "/api/contents/shared%2Fa, tool",
        "/api%2Fcontents%2fshared/a, tool",
        "/api%2Fcontents/shared%2Fa%20b;v=1//c, tool",
        "/api/contents//%73hared%2Fa, tool",
        "/api/contents/shared/a%2Fb, shared",
        "/admin/a%2Fb, admin",
        // May be read as a path of a route that has not the switch, or of none that is an upstream's.
        "/admin%2Fusers, 400",
        "/admin%2F, 400",
        "/x%2F%2Fadmin, tool",
        "/%2Fadmin, 400",
        "/%2F%2fadmin/users, 400",
        "/blocked%2Fx, 400",
        "/admin%2Fapi/contents/shared, 400",
        "/api/contents/shared%2Fa/..%2f..%2f..%2f..%2fadmin, 400",
        // The difference is not in the slashes alone.
        "/api/contents/%73hared/a%2Fb, 400",
        "/api/contents//shared/a%2Fb, 400",
        "/api/contents/shared;x/a%2Fb, 400",
        "/api/contents/shared%252Fa, 400",
        "/api/contents/shared%25252Fa, 400",
        "/api/contents/shared%5Ca, 400",
        "/api/contents/shared%2Fa%3Bb, 400",
        "/api/contents/shared%2F../../../../admin, 400",
        "/api/contents/shared%2F%2e%2e%2f%2e%2e, 400",
        "/api/contents/shared%2F%00, 400",
        "/api/contents/shared%c0%afa, 400",
        "/api/contents/shared%2, 400",
    })
    void encodedSlashes_decideNothingBetweenRoutesThatAllowThem(String target, String outcome) {
        RouteResolver resolver = routes("""
                { host = h, upstream = "http://tool", allow-encoded-slashes = true }
                { host = h, path = /api/contents/shared, upstream = "http://shared", allow-encoded-slashes = true }
                { host = h, path = /admin, upstream = "http://admin" }
                { host = h, path = /blocked, respond { status = 403 } }
                """);
        assertThat(outcome(resolver, "h", target)).isEqualTo(outcome.equals("400") ? "400" : outcome + target);
    }

    @Test
    void encodedSlashThatMayLeadToTheNextResolver_isRefused() {
        RouteResolver resolver = routes("{ path = /app, upstream = \"http://app\", allow-encoded-slashes = true }");
        assertThat(outcome(resolver, "h", "/app/a%2Fb")).isEqualTo("app/app/a%2Fb");
        assertThat(outcome(resolver, "h", "/app%2Fb")).isEqualTo("400");
        assertThat(outcome(resolver, "h", "/apple%2Fb")).isEqualTo("none");
    }

    @Test
    void severalUpstreams_takeTurnsAndStandInForOneAnother() {
        RouteResolver resolver = routes("{ upstreams = [\"http://a\", \"http://b\", \"http://c\"] }");
        for (String expected : new String[] {"abc", "bca", "cab", "abc"}) {
            OneOf group = (OneOf) decide(resolver, "h", "/");
            assertThat(group.candidates())
                    .extracting(forward -> forward.upstream().host())
                    .containsExactly(expected.split(""));
        }
        assertThat(resolver.resolve(FakeRequest.get("http://h/"))
                        .toCompletableFuture()
                        .join())
                .isSameAs(afterTurns(resolver, 3));
    }

    private static RouteDecision afterTurns(RouteResolver resolver, int turns) {
        for (int i = 1; i < turns; i++) {
            decide(resolver, "h", "/");
        }
        return decide(resolver, "h", "/");
    }

    @Test
    void severalUpstreamsWithBasePaths_rewriteForTheStandInToo() {
        OneOf group = (OneOf) decide(
                routes("{ path = /p, strip-prefix = true, upstreams = [\"http://a/one\", \"http://b/two\"] }"),
                "h",
                "/p/x");
        assertThat(group.candidates())
                .extracting(forward -> forward.rewrite().target().orElse(""))
                .containsExactly("/one/x", "/two/x");
    }

    @Test
    void upstreamThatIsOneOfOne_isNamedAlone() {
        assertThat(decide(routes("{ upstreams = [\"http://a\"] }"), "h", "/"))
                .isEqualTo(decide(routes("{ upstream = \"http://a\" }"), "h", "/"));
    }

    @Test
    void everyOption_reachesTheDecision() {
        Forward forward = (Forward) decide(routes("""
                        {
                          upstream = "https://u:8443"
                          trust = trusted
                          host-policy { fixed = "internal.example.org:81" }
                          timeouts {
                            connect = 1s, response-head = 2s, body-idle = 3s
                            request-lifetime = 4s, tunnel-idle = 5s, tunnel-lifetime = 6s
                          }
                          to-upstream { remove = [X-A, X-B], set { X-C = c }, add { X-D = [d, e] } }
                          to-client { set { "Strict-Transport-Security" = "max-age=1" } }
                        }
                        """), "h", "/");
        assertThat(forward.upstream()).hasToString("https://u:8443");
        assertThat(forward.trust()).isEqualTo(Trust.TRUSTED);
        assertThat(forward.rewrite())
                .isEqualTo(Rewrite.NONE
                        .withHost(new HostPolicy.Fixed("internal.example.org:81"))
                        .withHeaders(HeaderEdits.builder()
                                .remove("X-A")
                                .remove("X-B")
                                .put("X-C", "c")
                                .add("X-D", "d")
                                .add("X-D", "e")
                                .build()));
        assertThat(forward.toClient())
                .isEqualTo(HeaderEdits.builder()
                        .put("Strict-Transport-Security", "max-age=1")
                        .build());
        assertThat(forward.timeouts())
                .isEqualTo(new Timeouts(
                        Optional.of(Duration.ofSeconds(1)),
                        Optional.of(Duration.ofSeconds(2)),
                        Optional.of(Duration.ofSeconds(3)),
                        Optional.of(Duration.ofSeconds(4)),
                        Optional.of(Duration.ofSeconds(5)),
                        Optional.of(Duration.ofSeconds(6))));
    }

    @Test
    void probe_isOfEveryUpstreamOfItsRoute() {
        RouteResolver resolver = routes("""
                { path = /a, upstreams = ["http://a/base", "https://b"], probe { path = "/healthz?deep" } }
                { path = /b, upstream = "https://b", probe { path = "/healthz?deep" } }
                { path = /c, upstream = "http://c"
                  probe { path = /, host = "c.example.org", every = 1s, timeout = 500ms, expect = 401 } }
                { path = /d, upstream = "http://d" }
                """);
        assertThat(resolver.probes())
                .containsExactlyInAnyOrder(
                        Probe.of(Upstream.of("http://a"), "/healthz?deep"),
                        Probe.of(Upstream.of("https://b"), "/healthz?deep"),
                        Probe.of(Upstream.of("http://c"), "/")
                                .withHost("c.example.org")
                                .withEvery(Duration.ofSeconds(1))
                                .withTimeout(Duration.ofMillis(500))
                                .withExpect(401));
    }

    @Test
    void nothingSaid_isUntrustedAndPreservesTheHost() {
        assertThat(decide(routes("{ upstream = \"http://u\" }"), "h", "/"))
                .isEqualTo(RouteDecision.forward(Upstream.of("http://u")));
        assertThat(((Forward) decide(routes("{ upstream = \"http://u\", host-policy = target }"), "h", "/"))
                        .rewrite()
                        .host())
                .isEqualTo(HostPolicy.TARGET);
    }

    @Test
    void fixedAnswer_isGivenFromHere() {
        RouteResolver resolver = routes("""
                { path = /healthz, respond { body = "ok\\n" } }
                { path = /gone, respond { status = 410 } }
                { path = /json, respond { status = 200, content-type = application/json, body = "{}" } }
                """);
        Respond ok = (Respond) decide(resolver, "h", "/healthz");
        assertThat(ok.response().status()).isEqualTo(200);
        assertThat(ok.response().headers()).containsExactly(Map.entry("Content-Type", "text/plain; charset=utf-8"));
        assertThat(new String(ok.response().body(), StandardCharsets.UTF_8)).isEqualTo("ok\n");
        Respond gone = (Respond) decide(resolver, "h", "/gone");
        assertThat(gone.response().headers()).isEmpty();
        assertThat(gone.response().body()).isEmpty();
        assertThat(((Respond) decide(resolver, "h", "/json")).response().headers())
                .containsExactly(Map.entry("Content-Type", "application/json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ } | upstream: missing (expected: one of upstream, upstreams, respond), proxy.conf: 2",
                "{ upstream = \"http://u\", respond {} } | respond: beside upstream (expected: one of upstream, upstreams, respond), proxy.conf: 2",
                "{ upstreams = [] } | upstreams: empty (expected: at least one upstream), proxy.conf: 2",
                "{ upstream = \"u:80\" } | upstream: u:80 (expected: http://host[:port][/base] or https://host[:port][/base]), proxy.conf: 2",
                "{ upstream = \"http://u:p4ss@h\" } | upstream: http://***@h (expected: http://host[:port][/base] or https://host[:port][/base]), proxy.conf: 2",
                "{ upstream = \"http://u?x\" } | upstream: http://u?x (expected: http://host[:port][/base] or https://host[:port][/base]), proxy.conf: 2",
                "{ upstream = \"http://u/a/../b\" } | upstream: http://u/a/../b (expected: http://host[:port][/base] or https://host[:port][/base]), proxy.conf: 2",
                "{ upstream = \"http://u\", host = \"h:80\" } | host: h:80 (expected: a host without a port, or *.host), proxy.conf: 2",
                "{ upstream = \"http://u\", trust = yes } | trust: yes (expected: trusted, untrusted), proxy.conf: 2",
                "{ upstream = \"http://u\", host-policy = keep } | host-policy: keep (expected: preserve, target or { fixed = \"host:port\" }), proxy.conf: 2",
                "{ upstream = \"http://u\", to-upstream { set { Host = x } } } | to-upstream.set.Host: header: Host (expected: a name that is not one of the engine's own: ",
                "{ upstream = \"http://u\", timeout { connect = 1s } } | timeout: unknown key",
                "{ respond { status = 101 } } | respond.status: 101 (expected: 200-599), proxy.conf: 2",
                "{ respond {}, trust = trusted } | trust: unknown key",
                "{ respond {}, allow-encoded-slashes = true } | allow-encoded-slashes: unknown key",
                "{ respond {}, probe { path = / } } | probe: unknown key",
                "{ upstream = \"http://u\", probe {} } | probe.path: missing",
                "{ upstream = \"http://u\", probe { path = \"/a b?t0ken\" } } | probe.path: target: (expected: starts with /, ",
                "{ upstream = \"http://u\", probe { path = /, host = \"a/b\" } } | probe.host: host: a/b (expected: host or host:port), proxy.conf: 2",
                "{ upstream = \"http://u\", probe { path = /, expect = 101 } } | probe.expect: 101 (expected: 200-599), proxy.conf: 2",
                "{ path = x, upstream = \"http://u\" } | path: x (expected: starts with /, without escapes, dot segments, double slashes, \\ ; ? #), proxy.conf: 2",
            })
    void wrongRoutes_areRefused(String route, String message) {
        assertThatThrownBy(() -> routes(route)).message().startsWith("routes[0]." + message);
    }

    @Test
    void sameHostAndPathTwice_isRefused() {
        assertThatThrownBy(
                        () -> routes(
                                "{ host = h, path = /a, upstream = \"http://u\" }\n{ host = H, path = /a/, upstream = \"http://v\" }"))
                .hasMessage(
                        "routes[1].path: /a of host h comes twice (expected: one route for each host and path), proxy.conf: 3");
    }

    @Test
    void noRoutes_isRefused() {
        assertThatThrownBy(() -> routes("")).hasMessage("routes: none (expected: at least one route), proxy.conf: 1");
    }
}
