package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.wire.RawClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when the provider's tokens come to their end, on two replicas that share Redis. */
final class RenewalTest {

    private static TestRedis redis;

    private final ManualClock clock = new ManualClock(Instant.now());
    private ScriptedProvider provider;
    private Replica one;
    private Replica two;
    private Browser browser;

    @BeforeAll
    static void startRedis() {
        redis = new TestRedis();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void start() throws IOException {
        provider = new ScriptedProvider(clock);
        String config = TestConfigs.oidc(provider, "session { store = redis, url = \"" + redis.url() + "\" }");
        one = Replica.start(clock, config);
        two = Replica.start(clock, config);
        await().until(() -> one.authenticator().readiness().ready()
                && two.authenticator().readiness().ready());
        browser = new Browser(one.address());
        assertThat(browser.open("https://p.test/").status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        provider.close();
    }

    @Test
    void otherReplica_knowsTheSession() {
        assertThat(browser.through(two.address()).fetch("https://p.test/").text())
                .contains("X-User: alice");
        assertThat(provider.calls("token authorization_code")).isEqualTo(1);
    }

    @Test
    void fiveHundredRequestsAtTheMomentOfExpiry_renewOnceAndAllPass() {
        browser.through(two.address()).fetch("https://p.test/");
        clock.advance(Duration.ofSeconds(provider.tokenSeconds));
        provider.tokenGate = new CountDownLatch(1);

        String request = browser.request("GET", URI.create("https://p.test/"), "Accept: */*");
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            clients.add(RawClient.connect((i % 2 == 0 ? one : two).address()).send(request));
        }
        await().until(() -> provider.calls("token refresh_token") == 1);
        provider.tokenGate.countDown();

        for (RawClient client : clients) {
            assertThat(client.readReply().status()).isEqualTo(200);
            client.close();
        }
        assertThat(provider.calls("token refresh_token")).isEqualTo(1);
    }

    @Test
    void shortlyBeforeExpiry_isRenewedInTheBackground() {
        clock.advance(Duration.ofSeconds(provider.tokenSeconds - 20));
        provider.tokenGate = new CountDownLatch(1);

        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
        await().until(() -> provider.calls("token refresh_token") == 1);
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
        provider.tokenGate.countDown();
        clock.advance(Duration.ofSeconds(30));
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
        assertThat(provider.calls("token refresh_token")).isEqualTo(1);
    }

    @Test
    void refreshTokensRotate_renewalAfterRenewal() {
        for (int i = 1; i <= 3; i++) {
            clock.advance(Duration.ofSeconds(provider.tokenSeconds));
            browser.through(i % 2 == 0 ? one.address() : two.address());
            assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
            assertThat(provider.calls("token refresh_token")).isEqualTo(i);
        }
    }

    @Test
    void renewedClaims_reachTheUpstream() {
        provider.claims = java.util.Map.of("name", "Alice Cooper");
        clock.advance(Duration.ofSeconds(provider.tokenSeconds));

        assertThat(browser.fetch("https://p.test/").text()).contains("X-Name: Alice Cooper");
        await().until(() ->
                browser.through(two.address()).fetch("https://p.test/").text().contains("X-Name: Alice Cooper"));
    }

    @Test
    void invalidGrant_endsTheSessionEverywhere() {
        browser.through(two.address()).fetch("https://p.test/");
        provider.revokeAll();
        clock.advance(Duration.ofSeconds(provider.tokenSeconds));

        assertThat(browser.through(one.address()).fetch("https://p.test/").status())
                .isEqualTo(401);
        await().until(() ->
                browser.through(two.address()).fetch("https://p.test/").status() == 401);
        assertThat(browser.open("https://p.test/").status()).isEqualTo(200);
    }

    @Test
    void providerDown_is503_andNotALogout_andNotAStorm() {
        clock.advance(Duration.ofSeconds(provider.tokenSeconds));
        for (int status : new int[] {500, 503, 429, 400}) {
            provider.breakDown("/token", status);
            int before = provider.calls("/token");
            for (int i = 0; i < 20; i++) {
                Browser.Page page = browser.load("https://p.test/");
                assertThat(page.status()).isEqualTo(503);
                assertThat(page.header("Retry-After")).isNotNull();
                assertThat(page.headers().apply("Set-Cookie")).isEmpty();
            }
            assertThat(provider.calls("/token") - before).isEqualTo(1);
            clock.advance(Duration.ofSeconds(2));
        }
        provider.breakDown("/token", 0);

        assertThat(browser.load("https://p.test/").status()).isEqualTo(200);
        assertThat(provider.calls("token authorization_code")).isEqualTo(1);
    }

    @Test
    void renewedTokensOfAnotherUser_passNobody() {
        provider.idTokenTwist = token -> new com.nimbusds.jwt.JWTClaimsSet.Builder(token)
                .subject("mallory")
                .build();
        clock.advance(Duration.ofSeconds(provider.tokenSeconds));

        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(503);
    }

    @Test
    void withoutRefreshToken_theSessionLivesItsOwnLife() {
        provider.refreshTokens = false;
        Browser other = new Browser(one.address());
        other.open("https://p.test/");
        clock.advance(Duration.ofSeconds(provider.tokenSeconds * 2));

        assertThat(other.fetch("https://p.test/").status()).isEqualTo(200);
    }
}
