package dev.sluice.django;

import static dev.sluice.django.Browser.joined;
import static dev.sluice.django.Lookups.app;
import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens at once, or in an unlucky order, on real proxies in front of a Django under the test's control. */
class RacesTest {

    private static final String LAB = "lab.example.org";
    private static final String QUICK =
            "cache { running = 200ms, spawning = 50ms, stale = 20s }, probe { connect = 500ms, response = 500ms }";

    private final Browser browser = new Browser();
    private StandInDjango django;
    private Replica one;
    private Replica other;

    @BeforeEach
    void start() throws Exception {
        django = new StandInDjango();
        one = Replica.start(django.port(), QUICK);
        other = Replica.start(django.port(), QUICK);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        django.close();
    }

    @Test
    void twoHundredFirstRequestsThroughTwoReplicas_startOneApplicationAndAllReachIt() {
        try (var application = ScriptedUpstream.respondWith(Scripts.text("the tool"));
                var notYet = Ports.refused()) {
            django.onStart(name -> {
                later(200, () -> django.put(name, app("SPAWNING", notYet.url())));
                later(600, () -> django.put(name, app("SPAWNING", application.url())));
            });
            List<CompletableFuture<HttpResponse<String>>> visits = IntStream.range(0, 200)
                    .mapToObj(i -> browser.settle(i % 2 == 0 ? one : other, i % 4 < 2 ? "ann" : "bob", LAB))
                    .toList();

            assertThat(visits).allSatisfy(visit -> {
                assertThat(joined(visit).statusCode()).isEqualTo(200);
                assertThat(joined(visit).body()).isEqualTo("the tool");
            });
            assertThat(django.log()).filteredOn("PUT lab 200"::equals).hasSize(1);
            assertThat(django.log()).filteredOn(call -> call.startsWith("PUT")).hasSizeLessThanOrEqualTo(4);
            assertThat(django.log()).noneMatch(call -> call.contains("/error_"));
            await().untilAsserted(() ->
                    assertThat(django.log()).filteredOn("PATCH lab 200"::equals).hasSizeBetween(1, 2));
        }
    }

    private static void later(int millis, Runnable task) {
        delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(task);
    }

    @Test
    void djangoDiesAndComesBackUnderLoad_runningApplicationsDoNotNotice() throws Exception {
        try (var application = ScriptedUpstream.respondWith(Scripts.text("the tool"))) {
            django.put("lab", app("RUNNING", application.url()));
            assertThat(browser.navigate(one, LAB).statusCode()).isEqualTo(200);

            AtomicBoolean enough = new AtomicBoolean();
            List<CompletableFuture<List<Integer>>> load = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> visitUntil(enough)))
                    .toList();
            django.kill();
            later(1500, () -> enough.set(true));
            assertThat(browser.navigate(one, "other.example.org").statusCode()).isEqualTo(502);
            assertThat(load).allSatisfy(visits -> assertThat(joined(visits)).containsOnly(200));

            django.restart();
            django.put("other", app("RUNNING", application.url()));
            assertThat(browser.navigate(one, "other.example.org").statusCode()).isEqualTo(200);
        }
    }

    private List<Integer> visitUntil(AtomicBoolean enough) {
        List<Integer> statuses = new ArrayList<>();
        while (!enough.get()) {
            statuses.add(browser.fetch(one, LAB).statusCode());
        }
        return statuses;
    }

    @Test
    void djangoDown_showsAPlainPageThatNamesTheExchange() {
        django.kill();
        HttpResponse<String> page = browser.navigate(one, LAB);
        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body()).containsPattern("Reference: [0-9a-z-]+\n");
        assertThat(browser.fetch(one, LAB).statusCode()).isEqualTo(502);
    }

    @Test
    void applicationDown_showsDjangosErrorPage() {
        try (var gone = Ports.refused()) {
            django.put("lab", app("RUNNING", gone.url()));
            assertThat(browser.navigate(one, LAB).body()).contains("/error_500_application");
        }
    }

    @Test
    void applicationAndDjangoDown_isAPlainAnswer() {
        try (var application = ScriptedUpstream.startInTurn(
                Scripts.respondWith("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
                Scripts.resetAfterRequest())) {
            django.put("lab", app("RUNNING", application.url()));
            assertThat(browser.navigate(one, LAB).body()).isEqualTo("ok");
            django.kill();
            assertThat(browser.navigate(one, LAB).statusCode()).isEqualTo(502);
            assertThat(browser.navigate(one, LAB).body()).containsPattern("Reference: [0-9a-z-]+\n");
        }
    }

    @Test
    void applicationThatMoves_isFoundAgainAfterOneFailure() {
        try (var gone = Ports.refused();
                var application = ScriptedUpstream.respondWith(Scripts.text("the tool"))) {
            django.put("lab", app("RUNNING", gone.url()));
            assertThat(browser.fetch(one, LAB).statusCode()).isEqualTo(502);
            django.put("lab", app("RUNNING", application.url()));
            assertThat(browser.fetch(one, LAB).body()).isEqualTo("the tool");
        }
    }

    @Test
    void cookieOfTheVeryFirstResponse_reachesTheBrowser() {
        try (var application = ScriptedUpstream.startInTurn(
                Scripts.respondWith(
                        "HTTP/1.1 200 OK\r\nSet-Cookie: _xsrf=2|first\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok"),
                Scripts.respondWith(Scripts.text("again")))) {
            django.put("lab", app("SPAWNING", application.url()));
            HttpResponse<String> first = joined(browser.settle(one, "ann", LAB));
            assertThat(first.headers().allValues("Set-Cookie")).containsExactly("_xsrf=2|first", "a=b");
            assertThat(application.requests()).hasSize(1);
        }
    }

    @Test
    void uploadWhileSpawning_isNotSpentOnATrial() {
        try (var application = ScriptedUpstream.respondWith(Scripts.text("the tool"))) {
            django.put("lab", app("SPAWNING", application.url()));
            HttpResponse<String> refused = browser.post(one, LAB, "precious");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("3");
            assertThat(refused.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(application.requests()).isEmpty();
        }
    }

    @Test
    void applicationTooSlowToAnswer_showsTheSpawningPage() {
        CountDownLatch never = new CountDownLatch(1);
        try (var application = ScriptedUpstream.start(Scripts.stallUntil(never))) {
            django.put("lab", app("SPAWNING", application.url()));
            HttpResponse<String> page = browser.navigate(one, LAB);
            assertThat(page.statusCode()).isEqualTo(202);
            assertThat(page.headers().firstValue("Retry-After")).contains("3");
            assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(django.log()).doesNotContain("PATCH lab 200");
        } finally {
            never.countDown();
        }
    }

    @Test
    void clientThatLeavesAfterTheHead_doesNotKeepTheApplicationFromBeingMarkedRunning() {
        try (var application = ScriptedUpstream.start(Scripts.pattern(100_000_000));
                var client = RawClient.connect(one.address())) {
            django.put("lab", app("SPAWNING", application.url()));
            client.send("GET / HTTP/1.1\r\nHost: lab.example.org\r\n\r\n");
            assertThat(client.readReplyHead().status()).isEqualTo(200);
            client.reset();
            await().untilAsserted(() -> assertThat(django.log()).contains("PATCH lab 200"));
        }
    }

    @Test
    void headOfThePage_hasNoBodyAndTheConnectionGoesOn() {
        django.put("lab", app("SPAWNING", ""));
        try (var client = RawClient.connect(one.address())) {
            String rest = " / HTTP/1.1\r\nHost: lab.example.org\r\nAccept: text/html\r\n\r\n";
            client.send("HEAD" + rest);
            RawReply head = client.readReplyHead();
            assertThat(head.status()).isEqualTo(202);
            client.send("GET" + rest);
            assertThat(client.readReply().text()).contains("/tools/lab/spawning");
        }
    }

    @Test
    void addressOutsideTheNetworks_isNotConnectedTo() {
        django.put("lab", app("RUNNING", "http://127.0.0.2:80"));
        assertThat(browser.navigate(one, LAB).body()).contains("/error_500");
        assertThat(browser.fetch(one, LAB).statusCode()).isEqualTo(502);
    }

    @Test
    void webSocketToWhatIsNotThere_getsAStatusAndNoPage() {
        try (var client = RawClient.connect(one.address())) {
            django.put("lab", app("SPAWNING", ""));
            client.send(WebSocketHandshake.request("lab.example.org", "/ws"));
            RawReply refused = client.readReply();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("3");
            assertThat(refused.text()).isEmpty();
        }
    }
}
