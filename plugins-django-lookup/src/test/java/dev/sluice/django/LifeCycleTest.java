package dev.sluice.django;

import static dev.sluice.django.Lookups.app;
import static dev.sluice.django.Lookups.decide;
import static dev.sluice.django.Lookups.gist;
import static dev.sluice.django.Lookups.page;
import static dev.sluice.django.Lookups.request;
import static dev.sluice.django.Lookups.webSocket;
import static dev.sluice.django.Lookups.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteDecision.Respond;
import dev.sluice.api.RouteDecision.Unready;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Trust;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifeCycleTest {

    private static final String LAB = "lab.example.org";
    private static final String POLLS = "X-Data-Workspace-No-Modify-Application-Instance";

    private final FakeDjango django = new FakeDjango();
    private final RouteResolver resolver = Lookups.resolver(django);

    private String gistOf(ProxyRequest request) {
        return gist(decide(resolver, request));
    }

    @Test
    void running_isForwardedToAsSent() {
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:8888/"));
        Forward forward = (Forward) decide(resolver, page(LAB));
        assertThat(forward.upstream()).hasToString("http://10.0.0.1:8888");
        assertThat(forward.rewrite()).isEqualTo(Rewrite.NONE);
        assertThat(forward.trust()).isEqualTo(Trust.UNTRUSTED);
        assertThat(forward.fallback()).isEmpty();
    }

    @Test
    void otherHost_isLeftToTheNextResolver() {
        assertThat(gistOf(page("example.org"))).isEqualTo("not found");
        assertThat(gistOf(page("a.b.example.org"))).isEqualTo("not found");
        assertThat(gistOf(page("lab.example.org.evil.net"))).isEqualTo("not found");
        assertThat(django.log()).isEmpty();
    }

    @Test
    void unknown_isStartedAndShowsTheSpawningPage() {
        django.answer("GET lab", 404, "{}").answer("PUT lab", 200, app("SPAWNING", ""));
        Unready unready = (Unready) decide(resolver, page(LAB));
        assertThat(gist(unready)).isEqualTo("unready /tools/lab/spawning");
        assertThat(unready.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        Forward spawning = (Forward) unready.page();
        assertThat(spawning.upstream()).hasToString("http://127.0.0.1:9");
        assertThat(spawning.rewrite().method()).contains("GET");
        assertThat(spawning.rewrite().body()).isEqualTo(Rewrite.Body.DROP);
        assertThat(spawning.trust()).isEqualTo(Trust.TRUSTED);
        assertThat(django.log()).containsExactly("GET lab", "PUT lab");
    }

    @Test
    void startedElsewhereMeanwhile_isLookedAtAgain() {
        django.answer("GET lab", 404, "{}")
                .answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:8888"))
                .answer("PUT lab", 409, "{}");
        assertThat(gistOf(page(LAB))).isEqualTo("http://10.0.0.1:8888");
        assertThat(django.log()).containsExactly("GET lab", "PUT lab", "GET lab");
    }

    @Test
    void startedElsewhereButNotYetVisible_showsTheSpawningPage() {
        django.answer("GET lab", 404, "{}").answer("PUT lab", 409, "{}");
        assertThat(gistOf(page(LAB))).isEqualTo("unready /tools/lab/spawning");
    }

    @Test
    void nameThatDjangoDoesNotKnow_showsTheNotFoundPage() {
        django.answer("GET lab", 404, "{}").answer("PUT lab", 400, "{}");
        assertThat(gistOf(page(LAB))).isEqualTo("/error_404");
        assertThat(gistOf(request("GET", LAB))).isEqualTo("404");
    }

    @Test
    void pollOfAnAbsentApplication_doesNotStartIt() {
        django.answer("GET lab", 404, "{}");
        assertThat(gistOf(page(LAB).withHeader(POLLS, "1")))
                .isEqualTo("/error_500_application?failure_message=Application%20stopped%20while%20starting"
                        + "&application_id=");
        assertThat(django.log()).containsExactly("GET lab");
    }

    @Test
    void imageOfAnotherOrigin_startsNothing() {
        django.answer("GET lab", 404, "{}");
        ProxyRequest image =
                request("GET", LAB).withHeader("Sec-Fetch-Site", "same-site").withHeader("Sec-Fetch-Mode", "no-cors");
        assertThat(gistOf(image)).isEqualTo("503");
        assertThat(django.log()).containsExactly("GET lab");
    }

    @Test
    void linkFromAnotherOrigin_starts() {
        django.answer("GET lab", 404, "{}").answer("PUT lab", 200, app("SPAWNING", ""));
        ProxyRequest link =
                page(LAB).withHeader("Sec-Fetch-Site", "same-site").withHeader("Sec-Fetch-Mode", "navigate");
        assertThat(gistOf(link)).startsWith("unready");
    }

    @Test
    void pollWhileSpawning_getsThePageWhateverItAccepts() {
        django.answer("GET lab", 200, app("SPAWNING", ""));
        assertThat(gistOf(request("GET", LAB).withHeader(POLLS, "1"))).isEqualTo("unready /tools/lab/spawning");
    }

    @Test
    void assetOrWebSocketWhileSpawning_getsAStatus() {
        django.answer("GET lab", 200, app("SPAWNING", ""));
        assertThat(gistOf(request("GET", LAB).withHeader("Accept", "image/png")))
                .isEqualTo("unready 503");
        assertThat(gistOf(webSocket(LAB))).isEqualTo("unready 503");
    }

    @Test
    void spawningWithAddress_isTriedBriefly() {
        django.answer("GET lab", 200, app("SPAWNING", "http://10.0.0.1:8888"));
        Forward probe = (Forward) decide(resolver, page(LAB));
        assertThat(probe.upstream()).hasToString("http://10.0.0.1:8888");
        assertThat(probe.timeouts().connect()).contains(Duration.ofSeconds(2));
        assertThat(probe.timeouts().responseHead()).contains(Duration.ofSeconds(5));
        assertThat(probe.fallback()).hasValueSatisfying(fallback -> {
            assertThat(gist(fallback.instead())).isEqualTo("unready /tools/lab/spawning");
            assertThat(fallback.when())
                    .containsExactlyInAnyOrder(
                            Kind.CONNECT_FAILED, Kind.CONNECT_TIMEOUT, Kind.RESPONSE_TIMEOUT, Kind.UPSTREAM_CLOSED);
        });
    }

    @Test
    void webSocketWhileSpawning_isTriedToo() {
        django.answer("GET lab", 200, app("SPAWNING", "http://10.0.0.1:8888"));
        Forward probe = (Forward) decide(resolver, webSocket(LAB));
        assertThat(probe.fallback())
                .hasValueSatisfying(
                        fallback -> assertThat(gist(fallback.instead())).isEqualTo("unready 503"));
    }

    @Test
    void requestWithABodyWhileSpawning_isNotSpentOnATrial() {
        django.answer("GET lab", 200, app("SPAWNING", "http://10.0.0.1:8888"));
        assertThat(gistOf(request("POST", LAB))).isEqualTo("unready 503");
        assertThat(gistOf(request("DELETE", LAB))).isEqualTo("unready 503");
        assertThat(gistOf(request("GET", LAB).withHeader("Content-Length", "3")))
                .isEqualTo("unready 503");
        assertThat(gistOf(request("GET", LAB).withHeader("Transfer-Encoding", "chunked")))
                .isEqualTo("unready 503");
        assertThat(gistOf(request("HEAD", LAB))).isEqualTo("http://10.0.0.1:8888");
    }

    @Test
    void firstAnswer_marksRunningOnceAndEndsTheTrials() {
        django.answer("GET lab", 200, app("SPAWNING", "http://10.0.0.1:8888")).answer("PATCH lab", 200, "{}");
        Forward first = (Forward) decide(resolver, page(LAB));
        Forward second = (Forward) decide(resolver, page(LAB));
        first.listener().onResponse(200);
        second.listener().onResponse(302);
        assertThat(django.log()).containsExactly("GET lab", "PATCH lab");
        assertThat(new String(django.calls().get(1).body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"state\":\"RUNNING\"}");
        assertThat(((Forward) decide(resolver, page(LAB))).fallback()).isEmpty();
        assertThat(gistOf(request("POST", LAB))).isEqualTo("http://10.0.0.1:8888");
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503})
    void answerOfAHalfStartedApplication_doesNotMarkRunning(int status) {
        django.answer("GET lab", 200, app("SPAWNING", "http://10.0.0.1:8888")).answer("PATCH lab", 200, "{}");
        ((Forward) decide(resolver, page(LAB))).listener().onResponse(status);
        assertThat(django.log()).containsExactly("GET lab");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STOPPED", "FAILED"})
    void ended_isDeletedAndShowsTheErrorPage(String state) {
        django.answer("GET lab", 200, app(state, "")).answer("DELETE lab", 200, "{}");
        assertThat(gistOf(page(LAB)))
                .isEqualTo("/error_500_application?failure_message=Application%20" + state + "&application_id=7");
        assertThat(django.log()).containsExactly("GET lab", "DELETE lab");
    }

    @Test
    void endedAndRefreshed_isStartedAgain() {
        django.answer("GET lab", 200, app("STOPPED", ""))
                .answer("GET lab", 404, "{}")
                .answer("DELETE lab", 200, "{}")
                .answer("PUT lab", 200, app("SPAWNING", ""));
        assertThat(gistOf(page(LAB))).startsWith("/error_500_application");
        assertThat(gistOf(page(LAB))).isEqualTo("unready /tools/lab/spawning");
    }

    @Test
    void pollOfAnEndedApplication_doesNotDeleteIt() {
        django.answer("GET lab", 200, app("STOPPED", ""));
        assertThat(gistOf(page(LAB).withHeader(POLLS, "1"))).startsWith("/error_500_application");
        assertThat(django.log()).containsExactly("GET lab");
    }

    @Test
    void wrapped_showsTheWrapperButNotToWebSocketsAndPortOverrides() {
        django.answer("GET lab", 200, wrapped("http://10.0.0.1:8888")).answer("GET lab--8888", 404, "{}");
        assertThat(gistOf(page(LAB))).isEqualTo("/tools/lab/running");
        assertThat(gistOf(webSocket(LAB))).isEqualTo("http://10.0.0.1:8888");
        assertThat(gistOf(page("lab--8888.example.org"))).isEqualTo("http://10.0.0.1:8888");
    }

    @Test
    void portOverride_goesToTheOtherPortOfTheSameApplication() {
        django.answer("GET lab--4000", 404, "{}").answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:8888"));
        assertThat(gistOf(page("lab--4000.example.org"))).isEqualTo("http://10.0.0.1:4000");
    }

    @Test
    void nameThatEndsLikeAPort_winsWhereDjangoKnowsIt() {
        django.answer("GET lab--4000", 200, app("RUNNING", "http://10.0.0.1:8888"));
        assertThat(gistOf(page("lab--4000.example.org"))).isEqualTo("http://10.0.0.1:8888");
        assertThat(django.log()).containsExactly("GET lab--4000");
    }

    @Test
    void portOverrideOfAnAbsentApplication_startsTheNameThatDjangoKnows() {
        django.answer("GET lab--4000", 404, "{}")
                .answer("GET lab", 404, "{}")
                .answer("PUT lab--4000", 400, "{}")
                .answer("PUT lab", 200, app("SPAWNING", ""));
        assertThat(gistOf(page("lab--4000.example.org"))).isEqualTo("unready /tools/lab/spawning");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab--0", "lab--00001234", "lab--08888", "lab--65536", "lab--8_888", "lab--"})
    void whatIsNoPort_isTheNameOfAnApplication(String name) {
        django.answer("GET " + name, 404, "{}").answer("PUT " + name, 400, "{}");
        decide(resolver, page(name + ".example.org"));
        assertThat(django.log()).doesNotContain("GET lab");
    }

    @Test
    void forbidden_showsThePageOrTheStatus() {
        django.answer("GET lab", 403, "{}");
        assertThat(gistOf(page(LAB))).isEqualTo("/error_403_visualisation?host=lab");
        assertThat(gistOf(request("GET", LAB))).isEqualTo("403");
        assertThat(gistOf(webSocket(LAB))).isEqualTo("403");
    }

    @Test
    void forbiddenToStart_isForbidden() {
        django.answer("GET lab", 404, "{}").answer("PUT lab", 403, "{}");
        assertThat(gistOf(request("GET", LAB))).isEqualTo("403");
    }

    @Test
    void errorPage_isAskedForWithoutTheClientsConditions() {
        django.answer("GET lab", 403, "{}");
        Forward forward = (Forward) decide(resolver, page(LAB));
        assertThat(forward.rewrite().headers().edits())
                .extracting(edit -> edit.name())
                .contains("If-None-Match", "Range");
        assertThat(forward.toClient().edits()).extracting(edit -> edit.name()).contains("Cache-Control");
    }

    @Test
    void runningApplicationThatFails_showsTheErrorPageToBrowsersOnly() {
        var failure = new ProxyFailure(Kind.CONNECT_FAILED, false, null);
        RouteDecision shown =
                resolver.onFailure(page(LAB), failure).toCompletableFuture().join();
        assertThat(gist(shown)).startsWith("/error_500_application?failure_message=");
        assertThat(gist(resolver.onFailure(request("GET", LAB), failure)
                        .toCompletableFuture()
                        .join()))
                .isEqualTo("not found");
        assertThat(gist(resolver.onFailure(page("example.org"), failure)
                        .toCompletableFuture()
                        .join()))
                .isEqualTo("not found");
    }

    @Test
    void errorPageThatDjangoCannotShow_isAPlainAnswerInItsPlace() {
        django.answer("GET lab", 403, "{}");
        var failure = new ProxyFailure(Kind.CONNECT_TIMEOUT, false, null);
        Forward page = (Forward) decide(resolver, page(LAB));
        page.listener().onOutcome(new ForwardOutcome(0, Optional.of(failure)));
        var instead = (Respond)
                resolver.onFailure(page(LAB), failure).toCompletableFuture().join();
        assertThat(instead.response().status()).isEqualTo(504);
        assertThat(new String(instead.response().body(), StandardCharsets.UTF_8))
                .contains("fake-1");

        page.listener().onOutcome(new ForwardOutcome(403, Optional.empty()));
        assertThat(gist(resolver.onFailure(page(LAB), failure)
                        .toCompletableFuture()
                        .join()))
                .startsWith("/error_500_application");
    }

    @Test
    void clientThatLeavesBeforeThePage_isNotDjangosFault() {
        django.answer("GET lab", 403, "{}");
        Forward page = (Forward) decide(resolver, page(LAB));
        page.listener()
                .onOutcome(new ForwardOutcome(0, Optional.of(new ProxyFailure(Kind.CLIENT_CLOSED, false, null))));
        assertThat(gist(resolver.onFailure(page(LAB), new ProxyFailure(Kind.ROUTE_ERROR, false, null))
                        .toCompletableFuture()
                        .join()))
                .isEqualTo("/error_500");
    }
}
