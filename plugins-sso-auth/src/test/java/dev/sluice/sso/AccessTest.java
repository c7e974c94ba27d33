package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.ProxyRequest;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may pass once he is known, and what the application may verify. */
final class AccessTest {

    private final ManualClock clock = new ManualClock(Instant.now());
    private ScriptedProvider provider;

    @BeforeEach
    void start() throws IOException {
        provider = new ScriptedProvider(clock);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Replica replica(String... more) throws IOException {
        return Replica.start(clock, TestConfigs.oidc(provider, more));
    }

    @Test
    void requiredGroup_isRequiredAtTheHostsThatAreNamed() throws IOException {
        try (Replica replica = replica(
                "hosts = [\"*.apps.p.test\"]",
                "require = [ { hosts = [\"*.apps.p.test\"], claim = groups, any-of = [analysts, admins] } ]")) {
            provider.claims = Map.of("groups", List.of("users", "admins"));
            assertThat(new Browser(replica.address())
                            .open("https://a.apps.p.test/")
                            .status())
                    .isEqualTo(200);

            provider.claims = Map.of("groups", List.of("users"));
            Browser outsider = new Browser(replica.address());
            assertThat(outsider.open("https://a.apps.p.test/").status()).isEqualTo(403);
            assertThat(outsider.open("https://p.test/").status()).isEqualTo(200);

            provider.claims = Map.of();
            assertThat(new Browser(replica.address())
                            .open("https://a.apps.p.test/")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void configuredOrigin_mayCallWithCookies_andReads401() throws IOException {
        try (Replica replica = replica("allowed-origins = [\"https://other.test\"]", "pass-preflight = true")) {
            Browser browser = new Browser(replica.address());
            Browser.Page refused = browser.fetch("https://p.test/", "Origin: https://other.test");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("https://other.test");
            assertThat(refused.header("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(browser.fetch("https://p.test/", "Origin: https://evil.test")
                            .header("Access-Control-Allow-Origin"))
                    .isNull();

            browser.open("https://p.test/");
            assertThat(browser.send("POST", "https://p.test/", "Origin: https://other.test")
                            .status())
                    .isEqualTo(200);
        }
    }

    /** Attack 25. */
    @Test
    void preflight_passesWhereConfigured_withoutAnIdentity() throws IOException {
        String[] preflight = {"Origin: https://evil.test", "Access-Control-Request-Method: POST", "X-User: root"};
        try (Replica replica = replica("pass-preflight = true")) {
            Browser browser = new Browser(replica.address());
            Browser.Page page = browser.send("OPTIONS", "https://p.test/x", preflight);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).doesNotContain("root");
            assertThat(browser.send("OPTIONS", "https://p.test/x", "X-User: root")
                            .status())
                    .isEqualTo(401);
        }
        try (Replica replica = replica()) {
            assertThat(new Browser(replica.address())
                            .send("OPTIONS", "https://p.test/x", preflight)
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void assertion_tellsAnApplicationWhoVouchedForWhom(@TempDir Path folder) throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        Path file = folder.resolve("keys.json");
        Files.writeString(file, new JWKSet(key).toString(false));
        try (Replica replica = replica("assertion { key-file = \"" + file + "\" }")) {
            Browser browser = new Browser(replica.address());
            String first = assertion(browser.open("https://p.test/").text());
            SignedJWT jwt = SignedJWT.parse(first);
            Browser.Page published = browser.fetch("https://p.test/.sluice/sso/jwks");
            ECKey known = JWKSet.parse(published.text())
                    .getKeyByKeyId(jwt.getHeader().getKeyID())
                    .toECKey();

            assertThat(known.isPrivate()).isFalse();
            assertThat(jwt.verify(new ECDSAVerifier(known))).isTrue();
            assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo("https://p.test");
            assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("p.test");
            assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("alice");
            assertThat(jwt.getJWTClaimsSet().getExpirationTime().toInstant())
                    .isBeforeOrEqualTo(clock.instant().plus(Duration.ofMinutes(2)));
            assertThat(assertion(browser.fetch("https://p.test/", "X-Sluice-Assertion: forged")
                            .text()))
                    .isEqualTo(first);
            clock.advance(Duration.ofMinutes(1));
            assertThat(assertion(browser.fetch("https://p.test/").text())).isNotEqualTo(first);
        }
    }

    private static String assertion(String head) {
        Matcher matcher = Pattern.compile("X-Sluice-Assertion: (\\S+)").matcher(head);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void sessionBoundToNetworks_countsInItsGroupOnly() throws IOException {
        try (Replica replica =
                replica("bind-to-networks = [ { name = office, networks = [\"10.0.0.0/8\", \"fd00::/16\"] } ]")) {
            SsoAuthenticator authenticator = replica.authenticator();
            SessionTicket ticket = authenticator
                    .parts()
                    .sessions()
                    .begin(bound("office"))
                    .toCompletableFuture()
                    .join();
            SessionTicket single = authenticator
                    .parts()
                    .sessions()
                    .begin(bound("192.0.2.7"))
                    .toCompletableFuture()
                    .join();

            assertThat(passes(authenticator, ticket, "10.1.2.3")).isTrue();
            assertThat(passes(authenticator, ticket, "10.255.0.1")).isTrue();
            assertThat(passes(authenticator, ticket, "fd00::1")).isTrue();
            assertThat(passes(authenticator, ticket, "11.0.0.1")).isFalse();
            assertThat(passes(authenticator, ticket, "192.0.2.7")).isFalse();
            assertThat(passes(authenticator, single, "192.0.2.7")).isTrue();
            assertThat(passes(authenticator, single, "192.0.2.8")).isFalse();
        }
    }

    @Test
    void loginFromANetwork_bindsTheSession() throws IOException {
        try (Replica replica = replica("bind-to-networks = [ { name = here, networks = [\"127.0.0.0/8\"] } ]")) {
            Browser browser = new Browser(replica.address());
            browser.open("https://p.test/");
            SessionTicket ticket = Objects.requireNonNull(
                    SessionTicket.parse(Objects.requireNonNull(browser.cookie("__Host-sluice", "https://p.test/"))));

            assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
            assertThat(passes(replica.authenticator(), ticket, "127.9.9.9")).isTrue();
            assertThat(passes(replica.authenticator(), ticket, "10.1.2.3")).isFalse();
        }
    }

    private SessionRecord bound(String network) {
        Grant grant = new Grant(
                "alice", "alice", null, Map.of(), new SessionRecord.Tokens(null, null, null, Instant.MAX), Instant.MAX);
        return SessionRecord.of(grant, network, clock.instant(), clock.instant().plus(Duration.ofHours(1)));
    }

    private static boolean passes(SsoAuthenticator authenticator, SessionTicket ticket, String client) {
        ProxyRequest request = FakeRequest.get("https://p.test/")
                .withHeader("Cookie", "__Host-sluice=" + ticket.text())
                .withClient(client);
        return authenticator.authenticate(request).toCompletableFuture().join() instanceof AuthDecision.Proceed;
    }
}
