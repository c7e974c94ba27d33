package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logging in by plain OAuth 2.0 at a provider in the manner of staff-sso, with Data Workspace's headers. */
final class ProfileProviderTest {

    private final ManualClock clock = new ManualClock(Instant.now());
    private ScriptedProvider provider;
    private Replica replica;
    private Browser browser;

    @BeforeEach
    void start() throws IOException {
        provider = new ScriptedProvider(clock);
        provider.refreshTokens = false;
        replica = Replica.start(
                clock, """
                public-url = "https://p.test"
                hosts = ["*.p.test"]
                oauth2 {
                  authorize = "%1$s/o/authorize/"
                  token = "%1$s/o/token/"
                  profile = "%1$s/api/v1/user/me/"
                }
                client-id = "%2$s"
                client-secret = "%3$s"
                client-auth = post
                scope = "read write"
                user-claim = user_id
                headers {
                  sso-profile-email = email
                  sso-profile-contact-email = contact_email
                  sso-profile-related-emails = related_emails
                  sso-profile-user-id = user_id
                  sso-profile-first-name = first_name
                  sso-profile-last-name = last_name
                }
                """.formatted(provider.issuer(), ScriptedProvider.CLIENT, ScriptedProvider.SECRET));
        browser = new Browser(replica.address());
    }

    @AfterEach
    void stop() {
        replica.close();
        provider.close();
    }

    @Test
    void profile_becomesHeaders() {
        Browser.Page page = browser.open("https://p.test/x?y=1");

        assertThat(page.url()).isEqualTo("https://p.test/x?y=1");
        assertThat(page.text())
                .contains("sso-profile-email: alice@good.test")
                .contains("sso-profile-contact-email: contact-alice@good.test")
                .contains("sso-profile-related-emails: a@good.test,b@good.test")
                .contains("sso-profile-user-id: id-of-alice")
                .contains("sso-profile-first-name: " + octets("Zoë"))
                .contains("sso-profile-last-name: " + octets("Łęcka"));
        assertThat(browser.visited())
                .filteredOn(url -> url.contains("/o/authorize/"))
                .singleElement()
                .asString()
                .contains("scope=read+write")
                .contains("response_type=code")
                .contains("redirect_uri=https%3A%2F%2Fp.test%2F.sluice%2Fsso%2Fcallback");
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void profile_isAskedForOnceAMinute() {
        browser.open("https://p.test/");
        browser.fetch("https://p.test/");
        clock.advance(Duration.ofSeconds(50));
        browser.fetch("https://p.test/");
        assertThat(provider.calls("/api/v1/user/me/")).isEqualTo(1);

        clock.advance(Duration.ofSeconds(10));
        browser.fetch("https://p.test/");
        assertThat(provider.calls("/api/v1/user/me/")).isEqualTo(2);
    }

    @Test
    void removedUser_isOutWithinAMinute() {
        browser.open("https://p.test/");
        provider.revokeAll();
        clock.advance(Duration.ofSeconds(60));

        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(401);
        assertThat(browser.load("https://p.test/").location()).contains("/o/authorize/");
    }

    @Test
    void profileOutOfOrder_is503_andNobodyIsLoggedOut() {
        browser.open("https://p.test/");
        provider.breakDown("/api/v1/user/me/", 500);
        clock.advance(Duration.ofSeconds(60));
        assertThat(browser.load("https://p.test/").status()).isEqualTo(503);

        provider.breakDown("/api/v1/user/me/", 0);
        clock.advance(Duration.ofSeconds(2));
        assertThat(browser.load("https://p.test/").status()).isEqualTo(200);
        assertThat(provider.calls("token authorization_code")).isEqualTo(1);
    }

    @Test
    void expiredAccessToken_isRefreshedIfItCanBe() throws IOException {
        provider.refreshTokens = true;
        provider.tokenSeconds = 30;
        browser.open("https://p.test/");
        clock.advance(Duration.ofSeconds(60));

        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
        assertThat(provider.calls("token refresh_token")).isEqualTo(1);
    }

    @Test
    void severalTabs_allEndWhereTheyBegan() {
        String first = browser.openUntil("https://a.p.test/1", provider.issuer());
        String second = browser.openUntil("https://p.test/2", provider.issuer());
        String third = browser.openUntil("https://a.p.test/3", provider.issuer());

        assertThat(browser.open(third).url()).isEqualTo("https://a.p.test/3");
        assertThat(browser.open(first).url()).isEqualTo("https://a.p.test/1");
        assertThat(browser.open(second).url()).isEqualTo("https://p.test/2");
    }
}
