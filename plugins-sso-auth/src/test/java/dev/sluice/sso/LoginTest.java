package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logging in by OpenID Connect, seen from a browser. */
final class LoginTest {

    private final ManualClock clock = new ManualClock(Instant.now());
    private ScriptedProvider provider;
    private Replica replica;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        provider = new ScriptedProvider(clock);
        replica = Replica.start(clock, TestConfigs.oidc(provider));
        browser = new Browser(replica.address());
    }

    @AfterEach
    void stop() {
        replica.close();
        provider.close();
    }

    @Test
    void navigation_leadsThroughTheProviderBackToWhereItBegan() {
        Browser.Page page = browser.open("https://p.test/a%2Fb?q=1%202&q=x+y");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.url()).isEqualTo("https://p.test/a%2Fb?q=1%202&q=x+y");
        assertThat(page.text())
                .startsWith("GET /a%2Fb?q=1%202&q=x+y HTTP/1.1")
                .contains("X-User: alice")
                .contains("X-Email: alice@good.test");
        assertThat(browser.cookieNames("https://p.test/")).containsExactly("__Host-sluice");
    }

    @Test
    void secondRequest_isKnownWithoutTheProvider() {
        browser.open("https://p.test/");
        int calls = provider.calls("/token");

        assertThat(browser.fetch("https://p.test/data").text()).contains("X-User: alice");
        assertThat(provider.calls("/token")).isEqualTo(calls);
    }

    @Test
    void ownCookies_doNotReachTheUpstream_applicationCookiesDo() {
        browser.plant("app", "1", "p.test", true, "/");
        browser.open("https://p.test/");

        assertThat(browser.open("https://p.test/").text())
                .containsPattern("Cookie: app=1\\v")
                .doesNotContain("__Host-");
    }

    @Test
    void sessionCookie_isSentOnceAndNeverAgain() {
        browser.open("https://p.test/");

        assertThat(browser.load("https://p.test/").headers().apply("Set-Cookie"))
                .isEmpty();
    }

    @Test
    void sessionCookie_isSafeByDefault() {
        String callback = browser.openUntil("https://p.test/", "/callback?");

        assertThat(browser.load(callback).headers().apply("Set-Cookie"))
                .filteredOn(line -> line.startsWith("__Host-sluice="))
                .singleElement()
                .asString()
                .matches("__Host-sluice=[A-Za-z0-9_-]{65}; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void severalTabs_allEndWhereTheyBegan() {
        List<String> callbacks = java.util.stream.IntStream.range(0, 5)
                .mapToObj(tab -> browser.openUntil("https://p.test/tab/" + tab, "/callback?"))
                .toList();

        for (int tab = 4; tab >= 0; tab--) {
            assertThat(browser.open(callbacks.get(tab)).url()).isEqualTo("https://p.test/tab/" + tab);
        }
        assertThat(browser.cookieNames("https://p.test/")).containsExactly("__Host-sluice");
    }

    @Test
    void sixthTab_endsTheOldestLogin() {
        String oldest = browser.openUntil("https://p.test/tab/0", "/callback?");
        for (int tab = 1; tab < 6; tab++) {
            clock.advance(Duration.ofSeconds(1));
            browser.load("https://p.test/tab/" + tab);
        }

        assertThat(browser.cookieNames("https://p.test/")).hasSize(5);
        assertThat(browser.load(oldest).status()).isEqualTo(403);
    }

    @Test
    void whatCannotMakeTheRoundTrip_gets401AndNoTransaction() {
        for (Browser.Page page : List.of(
                browser.fetch("https://p.test/x"),
                browser.send("POST", "https://p.test/x", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"),
                browser.send("GET", "https://p.test/x", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"),
                browser.send("GET", "https://p.test/x", "X-Requested-With: XMLHttpRequest", "Accept: text/html"),
                browser.send("GET", "https://p.test/x", "Authorization: Bearer junk", "Accept: text/html"),
                browser.send("HEAD", "https://p.test/x", "Accept: text/html"),
                browser.send("GET", "https://p.test/x", "Accept: application/json"),
                browser.send("GET", "https://p.test/x"),
                browser.send(
                        "GET",
                        "https://p.test/x",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))) {
            assertThat(page.status()).isEqualTo(401);
            assertThat(page.header("WWW-Authenticate")).startsWith("Cookie realm=\"sso\"");
            assertThat(page.header("Location")).isNull();
            assertThat(page.headers().apply("Set-Cookie")).isEmpty();
        }
        assertThat(replica.upstream().requests()).isEmpty();
    }

    @Test
    void sessionUnusedForTooLong_ends() {
        browser.open("https://p.test/");
        clock.advance(Duration.ofMinutes(59));
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(59));
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(61));
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(401);
    }

    @Test
    void sessionInUse_endsAfterItsLongestLife() {
        provider.tokenSeconds = 100_000;
        browser.open("https://p.test/");
        for (int i = 0; i < 23; i++) {
            clock.advance(Duration.ofMinutes(30));
            assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
        }
        clock.advance(Duration.ofMinutes(30));
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(401);
    }

    @Test
    void providerDown_is503WithRetryAfter_andNoRedirect() throws Exception {
        provider.breakDown("/.well-known/openid-configuration", 500);
        try (Replica other = Replica.start(clock, TestConfigs.oidc(provider))) {
            Browser.Page page = new Browser(other.address()).load("https://p.test/");

            assertThat(page.status()).isEqualTo(503);
            assertThat(page.header("Retry-After")).isEqualTo("5");
        }
    }

    @Test
    void tokenEndpointDown_is503_andTheUserIsNotLoggedIn() {
        provider.breakDown("/token", 502);

        assertThat(browser.open("https://p.test/").status()).isEqualTo(503);
        assertThat(browser.cookie("__Host-sluice", "https://p.test/")).isNull();
    }

    @Test
    void loginThatWasCancelled_isSaidOnAPage() {
        String page = browser.openUntil("https://p.test/", provider.issuer());
        String state = Query.of(page).get("state");

        Browser.Page back = browser.load("https://p.test/.sluice/sso/callback?error=access_denied&state=" + state);

        assertThat(back.status()).isEqualTo(403);
        assertThat(back.text()).contains("Not logged in");
        assertThat(provider.calls("/token")).isZero();
    }

    @Test
    void hostThatIsNotTheDeployments_cannotLogIn() {
        Browser.Page page = browser.load("https://stranger.p.test/");

        assertThat(page.status()).isEqualTo(403);
        assertThat(page.header("Location")).isNull();
    }
}
