package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ways in which a session ends, on two replicas, and what becomes of its WebSockets. */
final class EndOfSessionTest {

    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final Duration SOON = Duration.ofMillis(100);

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
        redis.run(commands -> commands.flushall());
        provider = new ScriptedProvider(clock);
        String config = TestConfigs.oidc(
                provider, "session { store = redis, url = \"" + redis.url() + "\" }", "back-channel { port = 0 }");
        one = Replica.start(clock, Scripts.echo(), config);
        two = Replica.start(clock, Scripts.webSocketEcho(), config);
        await().until(() -> one.authenticator().readiness().ready()
                && two.authenticator().readiness().ready());
        browser = new Browser(one.address());
        browser.open("https://p.test/");
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        provider.close();
    }

    @Test
    void logout_endsTheSessionOnAllReplicas_andTheProvidersToo() {
        try (WebSocketClient tunnel = tunnel()) {
            Browser.Page page = browser.send("POST", "https://p.test/.sluice/sso/logout", "Origin: https://p.test");

            assertThat(page.status()).isEqualTo(303);
            assertThat(page.location())
                    .startsWith(provider.issuer() + "/logout?")
                    .contains("id_token_hint=")
                    .contains("post_logout_redirect_uri=https%3A%2F%2Fp.test%2F.sluice%2Fsso%2Flogged-out");
            assertThat(browser.cookieNames("https://p.test/")).isEmpty();
            tunnel.expectClose(1008);
        }
        assertThat(browser.load("https://p.test/.sluice/sso/logged-out").status())
                .isEqualTo(200);
    }

    @Test
    void loggedOutTicket_isWorthNothing() {
        String ticket = Objects.requireNonNull(browser.cookie("__Host-sluice", "https://p.test/"));
        browser.send("POST", "https://p.test/.sluice/sso/logout", "Origin: https://p.test");
        browser.plant("__Host-sluice", ticket, "p.test", true, "/");

        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(401);
    }

    @Test
    void logout_needsAPostFromAPageOfTheSameHost() {
        String logout = "https://p.test/.sluice/sso/logout";
        Browser.Page page = browser.load(logout);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("<form method=\"post\"");

        for (String header : new String[] {
            "Origin: https://evil.test",
            "Origin: https://other.p.test",
            "Origin: null",
            "Sec-Fetch-Site: same-site",
            "Sec-Fetch-Site: cross-site",
            "Accept: */*"
        }) {
            assertThat(browser.send("POST", logout, header).status()).isEqualTo(403);
        }
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
    }

    @Test
    void administratorsDelete_endsTheSessionEverywhere_webSocketsIncluded() {
        try (WebSocketClient tunnel = tunnel()) {
            tunnel.sendText("hello");
            tunnel.expectText("hello");
            redis.run(commands ->
                    commands.del(commands.keys("sluice:sso:session:*").toArray(String[]::new)));
            long start = System.nanoTime();
            tunnel.expectClose(1008);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
        await().atMost(SOON.multipliedBy(5))
                .until(() -> browser.fetch("https://p.test/").status() == 401);
    }

    @Test
    void identity_endsWithTheLongestLifeOfTheSession() {
        Session session = await().until(
                        () -> one.authenticator()
                                .parts()
                                .sessions()
                                .cached(
                                        List.of(Objects.requireNonNull(
                                                browser.cookie("__Host-sluice", "https://p.test/"))),
                                        "p.test"),
                        Objects::nonNull);

        assertThat(session.state().proceed().identity().validUntil())
                .isEqualTo(session.record().endsAt())
                .isBetween(
                        clock.instant().plus(Duration.ofHours(11)),
                        clock.instant().plus(Duration.ofHours(12)));
    }

    @Test
    void webSocket_endsWithTheLongestLifeOfItsSession() throws IOException {
        long started = System.nanoTime();
        try (Replica inMemory =
                Replica.start(clock, Scripts.webSocketEcho(), TestConfigs.oidc(provider, "session { longest = 1s }"))) {
            await().until(() -> inMemory.authenticator().readiness().ready());
            Browser visitor = new Browser(inMemory.address());
            visitor.load(visitor.openUntil("https://p.test/", "/callback"));
            try (WebSocketClient tunnel = tunnel(inMemory, visitor)) {
                tunnel.sendText("hello");
                tunnel.expectText("hello");
                clock.advance(Duration.ofSeconds(1));
                tunnel.expectClose(1008);
            }
        }
        // The store's first sweep ends the session too, which is not what is tested here.
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(MemorySessionStore.SWEEP);
    }

    @Test
    void backChannelLogout_bySid_endsThatSession() throws Exception {
        try (WebSocketClient tunnel = tunnel()) {
            assertThat(backChannel(logoutToken().claim("sid", "sid-of-alice").build()))
                    .isEqualTo(200);
            tunnel.expectClose(1008);
        }
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(401);
    }

    @Test
    void backChannelLogout_bySubject_endsAllHisSessions_andNoOthers() throws Exception {
        provider.user = "bob";
        Browser bobs = new Browser(one.address());
        bobs.open("https://p.test/");
        provider.user = "alice";
        Browser second = new Browser(one.address());
        second.open("https://p.test/");

        assertThat(backChannel(logoutToken().subject("alice").build())).isEqualTo(200);

        await().until(() -> browser.fetch("https://p.test/").status() == 401);
        await().until(() -> second.fetch("https://p.test/").status() == 401);
        assertThat(bobs.fetch("https://p.test/").text()).contains("X-User: bob");
    }

    @Test
    void logoutTokenThatIsNone_isRefused() throws Exception {
        JWTClaimsSet good = logoutToken().subject("alice").build();
        assertThat(backChannel(
                        new JWTClaimsSet.Builder(good).claim("nonce", "n").build()))
                .isEqualTo(400);
        assertThat(backChannel(new JWTClaimsSet.Builder(good).jwtID(null).build()))
                .isEqualTo(400);
        assertThat(backChannel(
                        new JWTClaimsSet.Builder(good).claim("events", Map.of()).build()))
                .isEqualTo(400);
        assertThat(backChannel(new JWTClaimsSet.Builder(good).audience("other").build()))
                .isEqualTo(400);
        assertThat(backChannel(new JWTClaimsSet.Builder(good)
                        .issuer("https://evil.test")
                        .build()))
                .isEqualTo(400);
        assertThat(backChannel(new JWTClaimsSet.Builder(good).subject(null).build()))
                .isEqualTo(400);
        assertThat(backChannel(new JWTClaimsSet.Builder(good)
                        .issueTime(Date.from(clock.instant().minusSeconds(3600)))
                        .build()))
                .isEqualTo(400);
        assertThat(post("logout_token=junk")).isEqualTo(400);
        assertThat(post("x".repeat(20_000))).isEqualTo(400);
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
    }

    /** Attack 46. */
    @Test
    void logoutTokenThatWasUsedBefore_isRefused() throws Exception {
        JWTClaimsSet token = logoutToken().subject("alice").build();
        assertThat(backChannel(token)).isEqualTo(200);
        browser.open("https://p.test/");

        assertThat(backChannel(token)).isEqualTo(400);
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
    }

    @Test
    void redisDown_is503_andTheSessionIsThereWhenItIsBack() throws Exception {
        try (TestRedis own = new TestRedis();
                Replica replica = Replica.start(
                        clock, TestConfigs.oidc(provider, "session { store = redis, url = \"" + own.url() + "\" }"))) {
            await().until(() -> replica.authenticator().readiness().ready());
            Browser other = new Browser(replica.address());
            assertThat(other.open("https://p.test/").status()).isEqualTo(200);
            own.stop();
            await().until(() -> !replica.authenticator().readiness().ready());

            Browser.Page page = other.load("https://p.test/");
            assertThat(page.status()).isEqualTo(503);
            assertThat(page.header("Retry-After")).isEqualTo("5");
            assertThat(page.headers().apply("Set-Cookie")).isEmpty();
        }
    }

    private WebSocketClient tunnel() {
        return tunnel(two, browser);
    }

    private static WebSocketClient tunnel(Replica replica, Browser visitor) {
        URI url = URI.create("https://p.test/ws");
        return WebSocketClient.on(RawClient.connect(replica.address())
                .send(visitor.request(
                        "GET",
                        url,
                        "Origin: https://p.test",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")));
    }

    private JWTClaimsSet.Builder logoutToken() {
        return new JWTClaimsSet.Builder()
                .issuer(provider.issuer())
                .audience(ScriptedProvider.CLIENT)
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(120)))
                .jwtID(Secrets.random(8))
                .claim("events", Map.of(EVENT, Map.of()));
    }

    private int backChannel(JWTClaimsSet token) throws Exception {
        return post("logout_token=" + provider.sign(token, "logout+jwt"));
    }

    private int post(String form) throws Exception {
        InetSocketAddress address = Objects.requireNonNull(
                        one.authenticator().parts().backChannel())
                .address();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + address.getPort() + "/back-channel-logout"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
