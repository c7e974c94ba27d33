package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be configured, and what is said of what may not. */
final class SsoConfigTest {

    private static final String BASE =
            "public-url = \"https://p.test\", issuer = \"https://sso.test\", client-id = sluice, secrets = [\""
                    + TestConfigs.SECRET + "\"], ";

    private static Authenticator make(String config) {
        return new SsoProvider().create(new FakePluginContext(HoconConfig.parse(config)));
    }

    @Test
    void leastConfiguration_declaresItsCookies() {
        try (Authenticator authenticator =
                make("public-url = \"https://p.test\", issuer = \"https://sso.test\", client-id = sluice")) {
            assertThat(authenticator.ownCookies()).containsExactly("__Host-sluice");
            assertThat(authenticator.identityHeaders()).isEmpty();
            assertThat(authenticator.readiness().ready()).isFalse();
            assertThat(authenticator.readiness().reason()).contains("identity provider");
        }
    }

    @Test
    void declarations_followTheConfiguration(@TempDir Path folder) throws Exception {
        Path keys = folder.resolve("keys.json");
        Files.writeString(
                keys, new JWKSet(new ECKeyGenerator(Curve.P_256).keyID("k1").generate()).toString(false));
        try (Authenticator authenticator =
                make(BASE + "cookie { name = px, domain = p.test }, headers { X-User = sub },"
                        + "assertion { key-file = \"" + keys + "\" }")) {
            assertThat(authenticator.ownCookies()).isEqualTo(Set.of("__Secure-px", "__Host-px"));
            assertThat(authenticator.identityHeaders()).isEqualTo(Set.of("X-User", "X-Sluice-Assertion"));
        }
        try (Authenticator plain = make(
                "public-url = \"http://localhost:8000\", issuer = \"https://sso.test\", client-id = sluice, cookie { secure = false }")) {
            assertThat(plain.ownCookies()).containsExactly("sluice");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    public-url = "https://p.test/x"              | public-url
                    public-url = "https://user@p.test"           | public-url
                    public-url = "ftp://p.test"                  | public-url
                    public-url = "https://P.test"                | public-url
                    hosts = ["a.p.test:80"]                      | hosts
                    hosts = ["*"]                                | hosts
                    hosts = ["a.*.p.test"]                       | hosts
                    path-prefix = "/"                            | path-prefix
                    path-prefix = "/a/../b"                      | path-prefix
                    path-prefix = "a"                            | path-prefix
                    cookie { name = "a b" }                      | cookie.name
                    cookie { domain = evil.test }                | cookie.domain
                    cookie { domain = test.p }                   | cookie.domain
                    cookie { secure = false }                    | cookie.secure
                    secrets = ["short"]                          | secrets
                    session { store = disk }                     | session.store
                    session { store = redis }                    | session.url
                    session { store = redis, url = "nonsense" }  | session.url
                    session { store = redis, url = ["redis://a", "redis://b"], cluster = false } | session.cluster
                    session { store = redis, url = "redis-sentinel://a#m", cluster = true } | session.url
                    session { store = redis, url = "redis://a", ca-file = "/nonexistent" } | session.ca-file
                    session { longest = 31d }                    | session.longest
                    session { idle = 0s }                        | session.idle
                    require = [ { claim = groups } ]             | require
                    require = [ { claim = a, any-of = [b], email-domains = [c] } ] | require
                    require = [ { any-of = [b] } ]               | claim
                    bind-to-networks = [ { name = a, networks = ["10.0.0.0/33"] } ] | bind-to-networks
                    bind-to-networks = [ { name = a, networks = ["example.org"] } ] | bind-to-networks
                    allowed-origins = ["*"]                      | allowed-origins
                    allowed-origins = ["https://a.test/"]        | allowed-origins
                    back-channel { port = 70000 }                | back-channel.port
                    assertion { key-file = "/nonexistent" }      | assertion.key-file
                    client-auth = jwt                            | client-auth
                    oauth2 { authorize = "https://a.test/" }     | issuer
                    """)
    void wrongValue_isNamed(String config, String key) {
        assertThatThrownBy(() -> make(BASE + config))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("expected")
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain(TestConfigs.SECRET));
    }

    @Test
    void sharedSessions_needASecret() {
        assertThatThrownBy(
                        () -> make(
                                "public-url = \"https://p.test\", issuer = \"https://sso.test\", client-id = sluice, session { store = redis, url = \"redis://:hunter2@localhost\" }"))
                .hasMessageContaining("secrets: missing")
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void unreadKeys_areKnown() {
        HoconConfig config = HoconConfig.parse(BASE + "sesion { idle = 1h }");
        try (Authenticator made = new SsoProvider().create(new FakePluginContext(config))) {
            assertThat(made).isNotNull();
            assertThat(config.unread()).singleElement().asString().contains("sesion");
        }
    }

    @Test
    void bothProvidersAreThere_withoutEither_isRefused() {
        assertThatThrownBy(() -> make("public-url = \"https://p.test\", client-id = sluice"))
                .hasMessageContaining("either issuer or a section oauth2");
        for (String section : List.of("bearer { audience = a }", "back-channel { port = 0 }")) {
            assertThatThrownBy(() -> make(
                            "public-url = \"https://p.test\", client-id = sluice, user-claim = id, oauth2 { authorize = \"https://a.test/\", token = \"https://a.test/\", profile = \"https://a.test/\" }, "
                                    + section))
                    .hasMessageContaining("with issuer");
        }
    }
}
