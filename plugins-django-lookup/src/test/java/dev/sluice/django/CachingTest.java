package dev.sluice.django;

import static dev.sluice.django.Lookups.app;
import static dev.sluice.django.Lookups.decide;
import static dev.sluice.django.Lookups.gist;
import static dev.sluice.django.Lookups.page;
import static dev.sluice.django.Lookups.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.HttpCalls.Reply;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CachingTest {

    private static final String LAB = "lab.example.org";

    private final FakeDjango django = new FakeDjango();
    private final FakePluginContext context = Lookups.context("cache.entries = 100", django);
    private final RouteResolver resolver = new DjangoLookupProvider().create(context);

    private static Reply reply(int status, String json) {
        return new Reply(status, List.of(), json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void pageOfAHundredAssets_costsOneLookup() {
        CompletableFuture<Reply> answer = django.hold("GET lab");
        List<CompletableFuture<RouteDecision>> decisions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            decisions.add(resolver.resolve(request("GET", LAB)).toCompletableFuture());
        }
        assertThat(decisions).noneMatch(CompletableFuture::isDone);
        answer.complete(reply(200, app("RUNNING", "http://10.0.0.1:80")));
        assertThat(decisions).allMatch(decision -> gist(decision.join()).equals("http://10.0.0.1:80"));
        assertThat(django.log()).containsExactly("GET lab");
    }

    @Test
    void warmLookup_isCompleteAtOnceAndTheSameInstance() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"));
        decide(resolver, page(LAB));
        var warm = resolver.resolve(page(LAB));
        assertThat(warm.toCompletableFuture()).isCompleted();
        assertThat(warm).isSameAs(resolver.resolve(page(LAB)));
    }

    @Test
    void startIsSharedByWhoArrivesMeanwhile() {
        django.answer("GET lab", 404, "{}");
        CompletableFuture<Reply> start = django.hold("PUT lab");
        var first = resolver.resolve(page(LAB)).toCompletableFuture();
        var second = resolver.resolve(request("GET", LAB)).toCompletableFuture();
        start.complete(reply(200, app("SPAWNING", "")));
        assertThat(gist(first.join())).isEqualTo("unready /tools/lab/spawning");
        assertThat(gist(second.join())).isEqualTo("unready 503");
        assertThat(django.log()).containsExactly("GET lab", "PUT lab");
    }

    @Test
    void pollThatLeadsALookup_doesNotKeepOthersFromStarting() {
        CompletableFuture<Reply> look = django.hold("GET lab");
        django.answer("PUT lab", 200, app("SPAWNING", ""));
        FakeRequest poll = page(LAB).withHeader("X-Data-Workspace-No-Modify-Application-Instance", "1");
        var polled = resolver.resolve(poll).toCompletableFuture();
        var visited = resolver.resolve(page(LAB)).toCompletableFuture();
        look.complete(reply(404, "{}"));
        assertThat(gist(polled.join())).startsWith("/error_500_application");
        assertThat(gist(visited.join())).isEqualTo("unready /tools/lab/spawning");
    }

    @Test
    void anotherUsersAnswer_isNotUsed() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80")).answer("GET lab", 403, "{}");
        decide(resolver, page(LAB));
        assertThat(gist(decide(resolver, request("GET", LAB).withIdentity(Identity.of("bob")))))
                .isEqualTo("403");
        assertThat(gist(decide(resolver, request("GET", LAB)))).isEqualTo("http://10.0.0.1:80");
    }

    @Test
    void anonymousVisitors_areToldApartByTheirCookies() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80")).answer("GET lab", 403, "{}");
        FakeRequest visitor = request("GET", LAB).withIdentity(Identity.ANONYMOUS);
        assertThat(gist(decide(resolver, visitor.withHeader("Cookie", "sessionid=a"))))
                .isEqualTo("http://10.0.0.1:80");
        assertThat(gist(decide(resolver, visitor))).isEqualTo("403");
        assertThat(gist(decide(resolver, visitor.withHeader("Cookie", "sessionid=a"))))
                .isEqualTo("http://10.0.0.1:80");
        assertThat(django.calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.headers())
                        .noneMatch(header -> header.getKey().startsWith("sso-profile")));
    }

    @Test
    void answersAgeEachInItsTime() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"));
        decide(resolver, page(LAB));
        context.clock().advance(Duration.ofMillis(9_999));
        decide(resolver, page(LAB));
        assertThat(django.log()).hasSize(1);
        context.clock().advance(Duration.ofMillis(1));
        django.from("GET lab").answer("GET lab", 403, "{}");
        assertThat(gist(decide(resolver, request("GET", LAB)))).isEqualTo("403");
        context.clock().advance(Duration.ofMillis(1_999));
        decide(resolver, request("GET", LAB));
        assertThat(django.log()).hasSize(2);
        context.clock().advance(Duration.ofMillis(1));
        decide(resolver, request("GET", LAB));
        assertThat(django.log()).hasSize(3);
    }

    @Test
    void answerIsDropped_whenConnectingFails() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"))
                .answer("GET lab", 200, app("RUNNING", "http://10.0.0.2:80"));
        Forward forward = (Forward) decide(resolver, page(LAB));
        forward.listener().onOutcome(outcome(Kind.RESPONSE_TIMEOUT));
        assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("http://10.0.0.1:80");
        forward.listener().onOutcome(outcome(Kind.CONNECT_FAILED));
        assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("http://10.0.0.2:80");
    }

    private static ForwardOutcome outcome(Kind kind) {
        return new ForwardOutcome(0, Optional.of(new ProxyFailure(kind, false, null)));
    }

    @Test
    void runningApplication_outlivesDjangoForABoundedTime() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"))
                .fail("GET lab", new IOException("connection refused"));
        decide(resolver, page(LAB));
        for (int second = 10; second < 70; second += 2) {
            context.clock().advance(Duration.ofSeconds(second == 10 ? 10 : 2));
            assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("http://10.0.0.1:80");
        }
        context.clock().advance(Duration.ofSeconds(2));
        assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("502");
    }

    @Test
    void withdrawnPermission_isNotOutlived() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80")).answer("GET lab", 403, "{}");
        decide(resolver, page(LAB));
        context.clock().advance(Duration.ofSeconds(10));
        assertThat(gist(decide(resolver, request("GET", LAB)))).isEqualTo("403");
    }

    @Test
    void djangoDown_isAPlainPageWithTheExchangesId() {
        django.fail("GET lab", new IOException("connection refused"));
        var respond = (RouteDecision.Respond) decide(resolver, page(LAB));
        assertThat(respond.response().status()).isEqualTo(502);
        assertThat(new String(respond.response().body(), StandardCharsets.UTF_8))
                .contains("fake-1")
                .doesNotContain("refused");
        assertThat(((RouteDecision.Respond) decide(resolver, request("GET", LAB)))
                        .response()
                        .body())
                .isEmpty();
    }

    @Test
    void djangoTooSlow_is504() {
        django.fail("GET lab", new SocketTimeoutException("no reply within 4 s"));
        assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("504");
    }

    @Test
    void djangoInTrouble_isItsErrorPageOrAStatus() {
        django.answer("GET lab", 503, "<h1>down</h1>");
        assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("/error_500");
        assertThat(gist(decide(resolver, request("GET", LAB)))).isEqualTo("503");
        django.from("GET lab").answer("GET lab", 302, "");
        assertThat(gist(decide(resolver, request("GET", LAB)))).isEqualTo("502");
    }

    @Test
    void lookupThatNeverEnds_doesNotBlockThoseWhoComeLater() {
        var unused = django.hold("GET lab");
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"));
        var lost = resolver.resolve(page(LAB)).toCompletableFuture();
        context.clock().advance(Duration.ofSeconds(31));
        assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("http://10.0.0.1:80");
        assertThat(lost).isNotDone();
    }

    @Test
    void cache_keepsWhatIsUsedAndForgetsTheRest() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"));
        decide(resolver, page(LAB));
        decide(resolver, page(LAB).withIdentity(Identity.of("idle")));
        for (int i = 0; i < 150; i++) {
            decide(resolver, page(LAB).withIdentity(Identity.of("user-" + i)));
            decide(resolver, page(LAB));
        }
        int before = django.calls().size();
        assertThat(before).isEqualTo(152);
        decide(resolver, page(LAB).withIdentity(Identity.of("idle")));
        assertThat(django.calls()).hasSize(before + 1);
    }
}
