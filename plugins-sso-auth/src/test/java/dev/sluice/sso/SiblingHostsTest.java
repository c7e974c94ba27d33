package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One login for many hosts: by a bounce through the login host, or by a cookie for the whole domain. */
final class SiblingHostsTest {

    private static final ManualClock CLOCK = new ManualClock(Instant.now());

    private static ScriptedProvider provider;
    private static Replica replica;
    private Browser browser;

    @BeforeAll
    static void start() throws IOException {
        provider = new ScriptedProvider(CLOCK);
        replica = Replica.start(CLOCK, TestConfigs.oidc(provider, "hosts = [\"*.apps.p.test\"]"));
    }

    @AfterAll
    static void stop() {
        replica.close();
        provider.close();
    }

    @BeforeEach
    void browser() {
        browser = new Browser(replica.address());
    }

    @Test
    void sibling_isReachedThroughTheLoginHost() {
        Browser.Page page = browser.open("https://a.apps.p.test/x?y=1");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.url()).isEqualTo("https://a.apps.p.test/x?y=1");
        assertThat(page.text()).contains("X-User: alice");
        assertThat(browser.cookieNames("https://a.apps.p.test/")).containsExactly("__Host-sluice");
        assertThat(browser.cookieNames("https://p.test/")).containsExactly("__Host-sluice");
    }

    @Test
    void secondSibling_needsNoSecondLogin() {
        browser.open("https://a.apps.p.test/");
        int logins = provider.calls("token authorization_code");

        assertThat(browser.open("https://b.apps.p.test/").text()).contains("X-User: alice");
        assertThat(provider.calls("token authorization_code")).isEqualTo(logins);
    }

    @Test
    void severalTabsAtSeveralSiblings_allEndWhereTheyBegan() {
        String first = browser.openUntil("https://a.apps.p.test/1", provider.issuer());
        String second = browser.openUntil("https://b.apps.p.test/2", provider.issuer());

        assertThat(browser.open(second).url()).isEqualTo("https://b.apps.p.test/2");
        assertThat(browser.open(first).url()).isEqualTo("https://a.apps.p.test/1");
    }

    @Test
    void siblingsTicket_countsNowhereElse() {
        browser.open("https://a.apps.p.test/");
        String stolen = Objects.requireNonNull(browser.cookie("__Host-sluice", "https://a.apps.p.test/"));
        Browser thief = new Browser(replica.address());
        for (String host : new String[] {"b.apps.p.test", "p.test"}) {
            thief.plant("__Host-sluice", stolen, host, true, "/");
            assertThat(thief.fetch("https://" + host + "/").status()).isEqualTo(401);
        }
        String main = Objects.requireNonNull(browser.cookie("__Host-sluice", "https://p.test/"));
        thief.plant("__Host-sluice", main, "b.apps.p.test", true, "/");
        assertThat(thief.fetch("https://b.apps.p.test/").status()).isEqualTo(401);
    }

    /** Attack 50, GHSA-cw7p. */
    @Test
    void logoutAtOneHost_endsTheSessionAtAll() {
        browser.open("https://a.apps.p.test/");
        browser.open("https://b.apps.p.test/");
        browser.send("POST", "https://b.apps.p.test/.sluice/sso/logout", "Origin: https://b.apps.p.test");

        for (String host : new String[] {"a.apps.p.test", "b.apps.p.test", "p.test"}) {
            assertThat(browser.fetch("https://" + host + "/").status()).isEqualTo(401);
        }
    }

    @Test
    void oneTimeTicket_worksOnce() {
        String enter = browser.openUntil("https://a.apps.p.test/", "/enter?");
        String cookies = browser.cookieHeader(URI.create(enter));
        assertThat(browser.load(enter).status()).isEqualTo(302);

        Browser again = new Browser(replica.address());
        for (String pair : cookies.split("; ")) {
            again.plant(
                    pair.substring(0, pair.indexOf('=')),
                    pair.substring(pair.indexOf('=') + 1),
                    "a.apps.p.test",
                    true,
                    "/");
        }
        assertThat(again.load(enter).status()).isEqualTo(403);
        assertThat(again.cookie("__Host-sluice", "https://a.apps.p.test/")).isNull();
    }

    @Test
    void oneTimeTicket_isOfOneBrowserAndOneHost() {
        String enter = browser.openUntil("https://a.apps.p.test/", "/enter?");
        Browser victim = new Browser(replica.address());
        assertThat(victim.load(enter).status()).isEqualTo(403);

        victim.load("https://b.apps.p.test/");
        assertThat(victim.load(enter.replace("//a.", "//b.")).status()).isEqualTo(403);
        assertThat(browser.open(enter).status()).isEqualTo(200);
    }

    @Test
    void oneTimeTicket_isNoSession() {
        String enter = browser.openUntil("https://a.apps.p.test/", "/enter?");
        String ticket = Objects.requireNonNull(Query.of(enter).get("ticket"));
        Browser thief = new Browser(replica.address());
        thief.plant("__Host-sluice", ticket, "a.apps.p.test", true, "/");

        assertThat(thief.fetch("https://a.apps.p.test/").status()).isEqualTo(401);
    }

    @Test
    void oneTimeTicket_diesAfterAMinute() {
        String enter = browser.openUntil("https://a.apps.p.test/", "/enter?");
        CLOCK.advance(Duration.ofMinutes(1));

        assertThat(browser.load(enter).status()).isEqualTo(403);
    }

    @Test
    void bounceToAStrangeHost_isRefused() {
        browser.open("https://p.test/");
        for (String host :
                new String[] {"evil.test", "apps.p.test", "evilapps.p.test", "p.test", "a.apps.p.test%2f.evil"}) {
            Browser.Page page =
                    browser.load("https://p.test/.sluice/sso/login?state=" + "A".repeat(22) + "&host=" + host);
            assertThat(page.status()).isEqualTo(400);
        }
    }

    @Test
    void wholeDomainsCookie_isOptIn() throws IOException {
        try (Replica domainWide = Replica.start(
                CLOCK, TestConfigs.oidc(provider, "hosts = [\"*.p.test\"]", "cookie { domain = p.test }"))) {
            Browser other = new Browser(domainWide.address());
            assertThat(other.open("https://a.p.test/x").url()).isEqualTo("https://a.p.test/x");
            assertThat(other.cookieNames("https://b.p.test/")).containsExactly("__Secure-sluice");
            assertThat(other.fetch("https://b.p.test/").text())
                    .contains("X-User: alice")
                    .doesNotContain("__Secure");
            other.send("POST", "https://b.p.test/.sluice/sso/logout", "Origin: https://b.p.test");
            assertThat(other.cookieNames("https://b.p.test/")).isEmpty();
            assertThat(other.fetch("https://a.p.test/").status()).isEqualTo(401);
        }
    }
}
