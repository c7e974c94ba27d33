package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks that other proxies have suffered, as black boxes: a socket in front, the bytes that the upstream gets behind.
 * {@code /public} is open to everybody, everything else needs a login; the numbers are those of the project's list of
 * such attacks.
 */
final class AttackTest {

    private static final ManualClock CLOCK = new ManualClock(Instant.now());
    private static final String NAVIGATION = "Sec-Fetch-Mode: navigate\r\nAccept: text/html\r\n";

    private static ScriptedProvider provider;
    private static Replica replica;
    private Browser browser;
    private int seen;

    @BeforeAll
    static void start() throws IOException {
        provider = new ScriptedProvider(CLOCK);
        replica = Replica.startWithPublicPath(
                CLOCK,
                TestConfigs.oidc(
                        provider,
                        "hosts = [\"a.p.test\"]",
                        "bearer { audience = api }",
                        "require = [ { email-domains = [\"good.test\"] } ]"));
    }

    @AfterAll
    static void stop() {
        replica.close();
        provider.close();
    }

    @BeforeEach
    void reset() {
        provider.claims = Map.of();
        provider.user = "alice";
        provider.idTokenForgery = UnaryOperator.identity();
        provider.idTokenTwist = UnaryOperator.identity();
        browser = new Browser(replica.address());
        seen = replica.upstream().requests().size();
    }

    private void upstreamSaw(int requests) {
        assertThat(replica.upstream().requests().size() - seen).isEqualTo(requests);
    }

    private static RawReply raw(String requestLine, String headers) {
        try (RawClient client = RawClient.connect(replica.address())) {
            return client.send(requestLine + " HTTP/1.1\r\nHost: p.test\r\n" + headers + "\r\n")
                    .readReply();
        }
    }

    // Decision and forwarding

    @Test
    void publicPath_isOpen() {
        assertThat(raw("GET /public/a", "").status()).isEqualTo(200);
        upstreamSaw(1);
    }

    /** 1-10: what looks public is not, or is not plain enough to tell. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin?x=/public/", // 1
                "/admin#/public/", // 3
                "/public/#/../admin",
                "/public/../admin", // 4
                "/public/./../admin",
                "/public/..%2fadmin", // 5
                "/public/%2e%2e/admin",
                "/public/%5c..%5cadmin",
                "/public/%252e%252e/admin",
                "/public;x=/../admin", // 6
                "/admin;.css",
                "/public/..;/admin",
                "/....//public", // 7
                "/%2e%2e%2e%2e//admin",
                "/publicity", // 8, 9
                "/PUBLIC/a",
                "/admin%00/public/",
                "/.sluice/sso/../admin", // 11
                "//.sluice/sso/callback",
                "/.sluice/sso/unknown",
            })
    void attacks1To11_targetsThatAreNotPublic(String target) {
        for (String headers : List.of(NAVIGATION, "User-Agent: GoogleHC/1.0\r\n", "X-Forwarded-Uri: /public/a\r\n")) {
            assertThat(raw("GET " + target, headers).status()).isIn(302, 400, 401, 404);
        }
        upstreamSaw(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X-Forwarded-Uri", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-HTTP-Method"})
    void attack2_headersThatClaimAnotherTarget(String name) {
        assertThat(raw("GET /admin", name + ": /public/a\r\n" + NAVIGATION).status())
                .isEqualTo(302);
        upstreamSaw(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P.TEST", "p.test.", "p.test:443", "p.test:80"})
    void attack9_hostsWrittenOtherwise(String host) {
        try (RawClient client = RawClient.connect(replica.address())) {
            assertThat(client.send("GET /admin HTTP/1.1\r\nHost: " + host + "\r\n" + NAVIGATION + "\r\n")
                            .readReply()
                            .status())
                    .isEqualTo(302);
        }
        upstreamSaw(0);
    }

    @Test
    void attack11_absoluteFormWithAnotherHost() {
        assertThat(raw("GET http://a.p.test/admin", NAVIGATION).status()).isEqualTo(400);
        upstreamSaw(0);
    }

    /** 13, 14, 16. */
    @Test
    void attacks13To16_bearerTokensThatAreNotForUs() throws Exception {
        JWTClaimsSet good = new JWTClaimsSet.Builder()
                .issuer(provider.issuer())
                .audience("api")
                .subject("robot")
                .claim("email", "robot@good.test")
                .claim("email_verified", true)
                .expirationTime(Date.from(CLOCK.instant().plusSeconds(300)))
                .build();
        assertThat(bearer(provider.sign(good, "at+jwt"))).isEqualTo(200);
        upstreamSaw(1);

        for (String token : List.of(
                provider.sign(new JWTClaimsSet.Builder(good).audience("other").build(), "JWT"),
                provider.sign(
                        new JWTClaimsSet.Builder(good)
                                .audience(ScriptedProvider.CLIENT)
                                .build(),
                        "JWT"),
                provider.sign(
                        new JWTClaimsSet.Builder(good)
                                .issuer("https://evil.test")
                                .build(),
                        "JWT"),
                provider.sign(
                        new JWTClaimsSet.Builder(good).expirationTime(null).build(), "JWT"),
                provider.sign(
                        new JWTClaimsSet.Builder(good)
                                .expirationTime(Date.from(CLOCK.instant().minusSeconds(300)))
                                .build(),
                        "JWT"),
                provider.sign(good, "logout+jwt"),
                new PlainJWT(good).serialize(),
                confused(good),
                "junk",
                "")) {
            assertThat(bearer(token)).isEqualTo(401);
        }
        assertThat(raw("GET /admin?token=junk&access_token=junk", "").status()).isEqualTo(401);
        upstreamSaw(1);
    }

    private static int bearer(String token) {
        return raw("GET /api", "Authorization: Bearer " + token + "\r\n").status();
    }

    /** HMAC with the published key as the secret. */
    private static String confused(JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(provider.key.getKeyID())
                        .build(),
                claims);
        jwt.sign(new MACSigner(provider.key.toRSAPublicKey().getEncoded()));
        return jwt.serialize();
    }

    @Test
    void bearerToken_doesNotReachTheUpstream() {
        String token = provider.sign(
                new JWTClaimsSet.Builder()
                        .issuer(provider.issuer())
                        .audience("api")
                        .subject("robot")
                        .claim("email", "robot@good.test")
                        .claim("email_verified", true)
                        .expirationTime(Date.from(CLOCK.instant().plusSeconds(300)))
                        .build(),
                "at+jwt");

        assertThat(raw("GET /api", "Authorization: Bearer " + token + "\r\n").text())
                .contains("X-User: robot")
                .doesNotContain("Authorization");
    }

    @Test
    void attack15_unauthenticatedPost() {
        RawReply reply = raw("POST /admin", "Content-Length: 0\r\n" + NAVIGATION);
        assertThat(reply.status()).isEqualTo(401);
        upstreamSaw(0);
    }

    @Test
    void attack17_webSocketWithoutASession() {
        browser.plant("__Host-sluice", SessionTicket.random().text(), "p.test", true, "/");
        Browser.Page page = browser.send(
                "GET",
                "https://p.test/ws",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(page.status()).isEqualTo(401);
        upstreamSaw(0);
    }

    // Header trust

    /** 18, 19, 20, 22. */
    @Test
    void attacks18To20_forgedIdentityHeaders() {
        browser.open("https://p.test/");
        for (String forged : List.of("X-User", "x-user", "X_User", "X.User", "X-USER", "x_uSER", "X+User")) {
            String text = browser.fetch("https://p.test/", forged + ": root", forged + ": root")
                    .text();
            assertThat(text).contains("X-User: alice").doesNotContain("root");
        }
        assertThat(browser.fetch("https://p.test/", "Connection: close, X-User, X-Email, Authorization")
                        .status())
                .isIn(200, 400);
        assertThat(browser.fetch("https://p.test/", "X-User : root").status()).isEqualTo(400);
        assertThat(browser.fetch("https://p.test/", "X User: root").status()).isEqualTo(400);
    }

    @Test
    void attack20_connectionThatNominatesAnIdentityHeader_doesNotRemoveIt() {
        browser.open("https://p.test/");
        Browser.Page page = browser.fetch("https://p.test/", "Connection: X-User");
        if (page.status() == 200) {
            assertThat(page.text()).contains("X-User: alice");
        } else {
            assertThat(page.status()).isEqualTo(400);
        }
    }

    @Test
    void attack25_identityHeaderOnAPublicPath() {
        String text = raw("GET /public/a", "X-User: root\r\nx_user: root\r\n").text();
        assertThat(text).doesNotContain("root");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@evil.test@good.test",
                "a@good.test.evil.test",
                "a@evilgood.test",
                "a@good.test@evil.test",
                "good.test",
                "@good.test"
            })
    void attack26_emailsThatLookLikeTheDomains(String email) {
        provider.claims = Map.of("email", email);
        assertThat(browser.open("https://p.test/").status()).isEqualTo(403);
        upstreamSaw(0);
    }

    @Test
    void attack26_unverifiedEmail() {
        provider.claims = Map.of("email_verified", false);
        assertThat(browser.open("https://p.test/").status()).isEqualTo(403);
        upstreamSaw(0);
    }

    // Redirects, login, session

    /** 39 to 43. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.test",
                "/\\evil.test",
                "/%09/evil.test",
                "/ /evil.test",
                "https:evil.test",
                "https:///evil.test",
                "https://p.test@evil.test/",
                "https://p.test:443@evil.test/",
                "https://evil.test\\@p.test/",
                "https://evil.test%2f@p.test/",
                "javascript:alert(1)",
                "data:text/html,x",
                "https://evilp.test/",
                "https://p.test.evil.test/",
                "https://.p.test/",
                "https://p.test:8443/",
                "http://p.test/",
                "https://P.TEST.evil.test/",
                "https://p.test",
                "https://evil.test/?https://p.test/",
                "https://p.test\t.evil.test/",
                "https://p.test/\r\nSet-Cookie: a=b",
                "https://evil.test#@p.test/",
            })
    void attacks39To43_returnUrls(String url) {
        Browser.Page page = browser.open("https://p.test/.sluice/sso/login?return=" + Query.encoded(url));

        assertThat(page.url()).isEqualTo("https://p.test/");
        assertThat(browser.visited())
                .noneMatch(visited -> URI.create(visited).getHost().contains("evil"));
        assertThat(browser.load("https://p.test/.sluice/sso/login?return=" + Query.encoded(url))
                        .location())
                .isEqualTo("https://p.test/");
    }

    @Test
    void returnUrlsOfTheDeployment_areFollowed() {
        browser.open("https://p.test/");
        for (String url : List.of("https://p.test/x?y=%2F", "https://a.p.test/z")) {
            assertThat(browser.load("https://p.test/.sluice/sso/login?return=" + Query.encoded(url))
                            .location())
                    .isEqualTo(url);
        }
    }

    @Test
    void attack42_logoutWithAReturnUrl() {
        browser.open("https://p.test/");
        Browser.Page page = browser.send(
                "POST",
                "https://p.test/.sluice/sso/logout?rd=https://evil.test&return=https://evil.test",
                "Origin: https://p.test");
        assertThat(page.location()).doesNotContain("evil.test");
    }

    @Test
    void attack43_stateThatCarriesAUrl() {
        Browser.Page page = browser.load("https://p.test/.sluice/sso/callback?code=x&state=aa_https%3A%2F%2Fevil.test");
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.text()).doesNotContain("evil");
        assertThat(page.headers().apply("Set-Cookie")).isEmpty();
    }

    @Test
    void attack44_callbackOfTheAttackersLogin() {
        String attackers = new Browser(replica.address()).openUntil("https://p.test/", "/callback?");
        int calls = provider.calls("/token");

        assertThat(browser.load(attackers).status()).isEqualTo(403);
        assertThat(browser.cookieNames("https://p.test/")).isEmpty();

        browser.load("https://p.test/"); // a login of his own under way does not help
        assertThat(browser.load(attackers).status()).isEqualTo(403);
        assertThat(browser.cookie("__Host-sluice", "https://p.test/")).isNull();
        assertThat(provider.calls("/token")).isEqualTo(calls);
    }

    @Test
    void attack45_fixation() {
        String known = SessionTicket.random().text();
        browser.plant("__Host-sluice", known, "p.test", true, "/");
        browser.open("https://p.test/");

        assertThat(browser.cookie("__Host-sluice", "https://p.test/"))
                .isNotNull()
                .isNotEqualTo(known);
        Browser attacker = new Browser(replica.address());
        attacker.plant("__Host-sluice", known, "p.test", true, "/");
        assertThat(attacker.fetch("https://p.test/").status()).isEqualTo(401);
    }

    @Test
    void attack45_everyLoginHasANewId() {
        browser.open("https://p.test/");
        String first = browser.cookie("__Host-sluice", "https://p.test/");
        browser.forgetCookies();
        browser.open("https://p.test/");
        assertThat(browser.cookie("__Host-sluice", "https://p.test/")).isNotEqualTo(first);
    }

    @Test
    void attack46_callbackTwice() {
        String callback = browser.openUntil("https://p.test/", "/callback?");
        String cookies = browser.cookieHeader(URI.create(callback));
        browser.load(callback);
        int calls = provider.calls("/token");

        assertThat(browser.load(callback).status()).isEqualTo(403);
        RawReply replayed =
                raw("GET " + callback.substring("https://p.test".length()), "Cookie: " + cookies + "\r\n" + NAVIGATION);
        assertThat(replayed.status()).isEqualTo(403);
        assertThat(replayed.headers("Set-Cookie")).noneMatch(line -> line.startsWith("__Host-sluice="));
        assertThat(provider.calls("/token")).isEqualTo(calls);
    }

    @Test
    void attack46_callbackWithDoubledParameters() {
        String callback = browser.openUntil("https://p.test/", "/callback?");
        assertThat(browser.load(callback + "&code=other").status()).isEqualTo(403);
        assertThat(browser.load(callback + "&state=other").status()).isEqualTo(403);
        assertThat(browser.cookie("__Host-sluice", "https://p.test/")).isNull();
    }

    @Test
    void callbackOfAnotherIssuer() {
        String callback = browser.openUntil("https://p.test/", "/callback?");
        assertThat(browser.load(callback + "&iss=https%3A%2F%2Fevil.test").status())
                .isEqualTo(403);
        assertThat(browser.cookie("__Host-sluice", "https://p.test/")).isNull();
    }

    @Test
    void loginThatTookTooLong() {
        String callback = browser.openUntil("https://p.test/", "/callback?");
        CLOCK.advance(LoginTransactions.LIFE);
        assertThat(browser.load(callback).status()).isEqualTo(403);
    }

    /** 47, and what else may stand in a Cookie field. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "  ; ;; ",
                "=",
                "=__Host-sluice=x",
                "__Host-sluice",
                "__Host-sluice=",
                "__Host-sluice=\"",
                "__Host-sluice_0=99999999",
                "__Host-sluice=-1; __Host-sluice=99999999; __Host-sluice=x; __Host-sluice=y; __Host-sluice=z",
                "__Host-sluice_tx_=; __Host-sluice_tx_0123=AAAA; __Host-sluice_tx_%=%%%",
                "$Version=1; __Host-sluice=\"x\"; $Path=/",
            })
    void attack47_oddCookies(String cookie) {
        assertThat(raw("GET /admin", "Cookie: " + cookie + "\r\n" + NAVIGATION).status())
                .isIn(302, 400);
        upstreamSaw(0);
    }

    @Test
    void attack47_longCookie() {
        assertThat(raw("GET /admin", "Cookie: __Host-sluice=" + "A".repeat(20_000) + "\r\n" + NAVIGATION)
                        .status())
                .isEqualTo(302);
    }

    @Test
    void attack48_idTokensThatDoNotVerify() throws Exception {
        List<UnaryOperator<String>> forgeries = List.of(
                token -> new PlainJWT(claims(token)).serialize(),
                token -> {
                    try {
                        return confused(claims(token));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                token -> token.substring(0, token.length() - 8) + "AAAAAAAA",
                token -> "junk");
        for (UnaryOperator<String> forgery : forgeries) {
            provider.idTokenForgery = forgery;
            assertThat(browser.open("https://p.test/").status()).isIn(403, 503);
            assertThat(browser.cookie("__Host-sluice", "https://p.test/")).isNull();
        }
        provider.idTokenForgery = UnaryOperator.identity();
        List<UnaryOperator<JWTClaimsSet.Builder>> twists = List.of(
                claims -> claims.issuer("https://evil.test"),
                claims -> claims.audience("other"),
                claims -> claims.audience(List.of("sluice", "other")),
                claims -> claims.claim("azp", "other"),
                claims -> claims.claim("nonce", "other"),
                claims -> claims.claim("nonce", null),
                claims -> claims.subject(null),
                claims -> claims.expirationTime(null),
                claims -> claims.expirationTime(Date.from(CLOCK.instant().minusSeconds(120))));
        for (UnaryOperator<JWTClaimsSet.Builder> twist : twists) {
            provider.idTokenTwist =
                    claims -> twist.apply(new JWTClaimsSet.Builder(claims)).build();
            assertThat(browser.open("https://p.test/").status()).isEqualTo(403);
            assertThat(browser.cookie("__Host-sluice", "https://p.test/")).isNull();
        }
        upstreamSaw(0);
    }

    private static JWTClaimsSet claims(String token) {
        try {
            return SignedJWT.parse(token).getJWTClaimsSet();
        } catch (java.text.ParseException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void attack48_unknownKeys_fetchTheKeySetOncePerCoolDown_andRotationWorks() {
        browser.open("https://p.test/");
        CLOCK.advance(Duration.ofSeconds(11));
        int calls = provider.calls("/jwks");
        var old = provider.key;
        var published = provider.published;
        try {
            provider.key = ScriptedProvider.newKey("unknown");
            for (int i = 0; i < 10; i++) {
                assertThat(bearer(provider.sign(new JWTClaimsSet.Builder().build(), "JWT")))
                        .isEqualTo(401);
            }
            assertThat(provider.calls("/jwks") - calls).isEqualTo(1);

            provider.published = new com.nimbusds.jose.jwk.JWKSet(provider.key.toPublicJWK());
            CLOCK.advance(Duration.ofSeconds(11));
            browser.forgetCookies();
            assertThat(browser.open("https://p.test/").status()).isEqualTo(200);
        } finally {
            provider.key = old;
            provider.published = published;
            CLOCK.advance(Duration.ofSeconds(11));
        }
    }

    @Test
    void attack49_transactionCookieChangedByteByByte() {
        String callback = browser.openUntil("https://p.test/", "/callback?");
        String name = browser.cookieNames("https://p.test/").get(0);
        String value = Objects.requireNonNull(browser.cookie(name, "https://p.test/"));
        for (int i = 0; i < value.length(); i += 7) {
            String changed = value.substring(0, i) + (value.charAt(i) == 'A' ? 'B' : 'A') + value.substring(i + 1);
            RawReply reply = raw(
                    "GET " + callback.substring("https://p.test".length()),
                    "Cookie: " + name + "=" + changed + "\r\n" + NAVIGATION);
            assertThat(reply.status()).isEqualTo(403);
        }
        assertThat(browser.open(callback).status()).isEqualTo(200);
    }

    @Test
    void attack50_siblingPlantsASessionCookie() {
        browser.open("https://p.test/");
        String own = browser.cookie("__Host-sluice", "https://p.test/");
        for (String cookies : List.of(
                "__Host-sluice=evil; __Host-sluice=" + own,
                "__Host-sluice=" + SessionTicket.random().text() + "; __Host-sluice=" + own,
                "__host-sluice=evil; sluice=evil; __Host-sluice=" + own)) {
            RawReply reply = raw("GET /", "Cookie: " + cookies + "\r\n");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).contains("X-User: alice").doesNotContainIgnoringCase("__host-");
        }
    }

    @Test
    void attack51_requestsThatAnotherSitesPageMade() {
        browser.open("https://p.test/");
        for (String header : List.of(
                "Origin: https://evil.test",
                "Origin: https://a.p.test",
                "Origin: null",
                "Origin: http://p.test",
                "Origin: https://p.test.evil.test",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site")) {
            for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
                assertThat(browser.send(method, "https://p.test/", header).status())
                        .isEqualTo(403);
            }
        }
        for (String origin : List.of("https://evil.test", "https://a.p.test", "null")) {
            assertThat(browser.send(
                                    "GET",
                                    "https://p.test/ws",
                                    "Origin: " + origin,
                                    "Connection: Upgrade",
                                    "Upgrade: websocket",
                                    "Sec-WebSocket-Version: 13",
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                            .status())
                    .isEqualTo(403);
        }
        upstreamSaw(1);
        assertThat(browser.send("POST", "https://p.test/", "Origin: https://p.test")
                        .status())
                .isEqualTo(200);
        assertThat(browser.send("POST", "https://p.test/").status()).isEqualTo(200);
    }

    @Test
    void attack53_namesWithControls() {
        provider.claims = Map.of("name", "x\r\nX-Admin: 1\u001b[31m", "email", "alice@good.test");
        provider.user = "a\r\nb" + "c".repeat(5000);
        assertThat(browser.open("https://p.test/").status()).isIn(200, 403);
        provider.user = "alice";
        browser.forgetCookies();
        String text = browser.open("https://p.test/").text();
        assertThat(text).contains("X-Name: x??X-Admin: 1?[31m").doesNotContain("\nX-Admin");
    }
}
