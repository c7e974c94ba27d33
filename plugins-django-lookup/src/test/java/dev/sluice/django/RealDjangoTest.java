package dev.sluice.django;

import static dev.sluice.django.Browser.joined;
import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.wire.WebSocketClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole life of applications, with a real Django that starts real processes. */
class RealDjangoTest {

    private static final String QUICK = "cache { running = 200ms, spawning = 50ms }\n"
            + "to-client.running.add.Content-Security-Policy = \"frame-ancestors {root}; connect-src {host}\"";

    private final Browser browser = new Browser();
    private static DjangoSite django;
    private Replica one;
    private Replica other;

    @BeforeAll
    static void startDjango(@TempDir Path directory) throws Exception {
        DjangoSite.require();
        django = new DjangoSite(directory);
    }

    @AfterAll
    static void stopDjango() throws Exception {
        if (django != null) {
            django.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        one = Replica.start(django.port(), QUICK);
        other = Replica.start(django.port(), QUICK);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    @Test
    void application_isStartedShownUsedLostAndStartedAgain() throws Exception {
        HttpResponse<String> spawning = browser.navigate(one, "lab.example.org");
        assertThat(spawning.statusCode()).isEqualTo(202);
        assertThat(spawning.body()).contains("Starting lab");
        assertThat(spawning.headers().firstValue("Cache-Control")).contains("no-store");

        HttpResponse<String> first = joined(browser.settle(one, "ann", "lab.example.org"));
        assertThat(first.body()).isEqualTo("tool at / for lab.example.org");
        assertThat(first.headers().allValues("Set-Cookie")).containsExactly("_xsrf=2|first; Path=/");
        assertThat(first.headers().allValues("Content-Security-Policy"))
                .containsExactly("frame-ancestors example.org; connect-src lab.example.org");
        await().untilAsserted(() -> assertThat(django.log()).contains("PATCH /api/v1/application/lab 200"));

        assertThat(browser.post(one, "lab.example.org", "text").body()).isEqualTo("tool at /save for lab.example.org");
        assertThat(browser.fetch(other, "lab.example.org").headers().allValues("Set-Cookie"))
                .isEmpty();

        try (var socket = WebSocketClient.open(other.address(), "lab.example.org", "/ws")) {
            socket.sendText("hello").expectText("hello");
            socket.sendClose(1000, "done").expectClose(1000);
        }

        django.killApplications();
        await().until(() -> browser.navigate(one, "lab.example.org").body().contains("Application STOPPED"));
        assertThat(joined(browser.settle(other, "ann", "lab.example.org")).body())
                .isEqualTo("tool at / for lab.example.org");
        assertThat(django.log())
                .filteredOn("PUT /api/v1/application/lab 200"::equals)
                .hasSize(2);
        assertThat(django.log())
                .filteredOn("DELETE /api/v1/application/lab 200"::equals)
                .hasSize(1);
    }

    @Test
    void wrappedApplication_isShownWithinDjangosPage() {
        HttpResponse<String> first = joined(browser.settle(one, "ann", "wrapped.example.org"));
        assertThat(first.statusCode()).isEqualTo(200);
        await().until(() ->
                browser.navigate(one, "wrapped.example.org").body().contains("<title>wrapped</title><iframe>"));
    }

    @Test
    void whatDjangoRefuses_isRefused() {
        assertThat(browser.navigate(one, "secret.example.org").statusCode()).isEqualTo(403);
        assertThat(browser.navigate(one, "secret.example.org").body()).contains("Error 403");
        assertThat(browser.fetch(one, "secret.example.org").body()).isEmpty();
        assertThat(browser.navigate(one, "unknown.example.org").body()).contains("Error 404");
    }

    @Test
    void twoHundredFirstRequestsThroughTwoReplicas_startOneApplicationAndAllReachIt() throws Exception {
        List<String> before = django.log();
        List<CompletableFuture<HttpResponse<String>>> visits = IntStream.range(0, 200)
                .mapToObj(i -> browser.settle(i % 2 == 0 ? one : other, i % 4 < 2 ? "ann" : "bob", "labs.example.org"))
                .toList();
        assertThat(visits)
                .allSatisfy(visit -> assertThat(joined(visit).body()).isEqualTo("tool at / for labs.example.org"));
        assertThat(visits)
                .filteredOn(visit ->
                        !joined(visit).headers().allValues("Set-Cookie").isEmpty())
                .hasSize(1);
        assertThat(django.log()).containsOnlyOnce("PUT /api/v1/application/labs 200");
        assertThat(django.log().subList(before.size(), django.log().size()))
                .noneMatch(call -> call.contains("/error_"));
    }

    @Test
    void djangoKilledAndRestartedUnderLoad_runningApplicationsDoNotNotice() throws Exception {
        joined(browser.settle(one, "ann", "lab2.example.org"));
        await().until(() -> django.log().contains("PATCH /api/v1/application/lab2 200"));
        browser.fetch(one, "lab2.example.org");

        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<List<Integer>>> load = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> visitUntil(enough)))
                .toList();
        django.kill();
        assertThat(browser.navigate(one, "lab3.example.org").statusCode()).isEqualTo(502);
        delayedExecutor(1, TimeUnit.SECONDS).execute(() -> enough.set(true));
        assertThat(load).allSatisfy(visits -> assertThat(joined(visits)).containsOnly(200));

        django.restart();
        assertThat(joined(browser.settle(one, "ann", "lab3.example.org")).statusCode())
                .isEqualTo(200);
        assertThat(browser.fetch(one, "lab2.example.org").statusCode()).isEqualTo(200);
    }

    private List<Integer> visitUntil(AtomicBoolean enough) {
        List<Integer> statuses = new ArrayList<>();
        while (!enough.get()) {
            statuses.add(browser.fetch(one, "lab2.example.org").statusCode());
        }
        return statuses;
    }
}
