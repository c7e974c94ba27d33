package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole logins against a provider that others wrote, in this process: mock-oauth2-server, on the real clock. */
final class MockOauth2ServerTest {

    private MockOAuth2Server provider;
    private Replica replica;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        provider = new MockOAuth2Server(new OAuth2Config(false, null, null, true));
        provider.start();
        replica = Replica.start(Clock.systemUTC(), """
                public-url = "https://p.test"
                issuer = "%s"
                client-id = sluice
                client-secret = "a secret of the client"
                userinfo = true
                headers { X-User = sub, X-Roles = realm_access.roles }
                bearer { audience = api }
                """.formatted(provider.issuerUrl("default")));
        browser = new Browser(replica.address());
    }

    @AfterEach
    void stop() {
        replica.close();
        provider.shutdown();
    }

    private void nextTokens(String user, long seconds) {
        provider.enqueueCallback(new DefaultOAuth2TokenCallback(
                "default",
                user,
                "JWT",
                List.of("sluice"),
                Map.of("realm_access", Map.of("roles", List.of("one", "two"))),
                seconds));
    }

    @Test
    void login_exchangesTheCodeAndTellsTheUpstream() {
        nextTokens("alice", 300);

        Browser.Page page = browser.open("https://p.test/x");

        assertThat(page.url()).isEqualTo("https://p.test/x");
        assertThat(page.text()).contains("X-User: alice").contains("X-Roles: one,two");
    }

    @Test
    void refreshTokens_rotate() {
        nextTokens("alice", 2);
        assertThat(browser.open("https://p.test/").status()).isEqualTo(200);
        Set<String> refreshTokens = new HashSet<>();
        Session session = session();
        for (int renewal = 0; renewal < 2; renewal++) {
            refreshTokens.add(Objects.requireNonNull(session.record().tokens().refresh()));
            long version = session.state().version();
            nextTokens("alice", 2);
            await().until(() -> {
                assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
                return session.state().version() > version;
            });
        }
        refreshTokens.add(Objects.requireNonNull(session.record().tokens().refresh()));

        assertThat(refreshTokens).hasSize(3);
        assertThat(browser.fetch("https://p.test/").text()).contains("X-User: alice");
    }

    private Session session() {
        String ticket = Objects.requireNonNull(browser.cookie("__Host-sluice", "https://p.test/"));
        return Objects.requireNonNull(replica.authenticator().parts().sessions().cached(List.of(ticket), "p.test"));
    }

    @Test
    void logout_leadsToTheProviderAndBack() {
        nextTokens("alice", 300);
        browser.open("https://p.test/");

        Browser.Page page = browser.send("POST", "https://p.test/.sluice/sso/logout", "Origin: https://p.test");
        assertThat(page.location())
                .startsWith(provider.endSessionEndpointUrl("default").toString());
        assertThat(browser.open(page.location()).url()).isEqualTo("https://p.test/.sluice/sso/logged-out");
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(401);
    }

    @Test
    void bearerToken_isVerified() {
        String token = provider.issueToken("default", "robot", "api").serialize();

        assertThat(browser.send("GET", "https://p.test/api", "Authorization: Bearer " + token)
                        .text())
                .contains("X-User: robot");
        assertThat(browser.send("GET", "https://p.test/api", "Authorization: Bearer " + token + "x")
                        .status())
                .isEqualTo(401);
    }
}
