package dev.sluice.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.ListenTls;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.tls.TestAuthority;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys about TLS; whatever cannot be used is a complaint with its line. */
class TlsConfigTest {

    @TempDir
    static Path files;

    @BeforeAll
    static void write() {
        TestAuthority authority = TestAuthority.create();
        authority.writeTrust(files.resolve("ca.pem"));
        TestAuthority.writeKeyPair(files, "a", authority.issue("a.test"));
        TestAuthority.writeKeyPair(files, "b", authority.issue("b.test"));
    }

    private static ProxySettings read(String text) {
        return ProxyConfig.read(HoconConfig.parse("""
                        authenticators = [ { plugin = anonymous } ]
                        resolvers = [ { plugin = static, routes = [ { upstream = "http://127.0.0.1:9000" } ] } ]
                        """ + text.replace("DIR", files.toString())))
                .settings();
    }

    private static void assertRefused(String text, String complaint) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(PluginConfigException.class)
                .hasMessage(complaint.replace("DIR", files.toString()));
    }

    @Test
    void everyKey_isRead() {
        ProxySettings settings = read("""
                listen.tls {
                  certificates = [
                    { certificate = "DIR/a.pem", key = "DIR/a.key" }
                    { certificate = "DIR/b.pem", key = "DIR/b.key", hosts = ["*.B.test", b.test] }
                  ]
                  client-certificates = [
                    { trust = "DIR/ca.pem", mode = optional, when { hosts = ["*.b.test"] } }
                    { trust = "DIR/ca.pem" }
                  ]
                }
                upstream-tls { trust = "DIR/ca.pem", certificate = "DIR/a.pem", key = "DIR/a.key" }
                timeouts.tls-handshake = 3s
                """);
        ListenTls tls = settings.listen().tls().orElseThrow();
        assertThat(tls.certificates().get(0).files().key()).isEqualTo(files.resolve("a.key"));
        assertThat(tls.certificates().get(1).hosts()).containsExactly("*.b.test", "b.test");
        assertThat(tls.clientCertificates().get(0).required()).isFalse();
        assertThat(tls.clientCertificates().get(0).regards("x.b.test")).isTrue();
        assertThat(tls.clientCertificates().get(0).regards("")).isFalse();
        assertThat(tls.clientCertificates().get(1).required()).isTrue();
        assertThat(tls.clientCertificates().get(1).regards("")).isTrue();
        assertThat(settings.upstreamTls().trust()).contains(files.resolve("ca.pem"));
        assertThat(settings.upstreamTls().identity()).isPresent();
        assertThat(settings.timeouts().tlsHandshake()).hasSeconds(3);
    }

    @Test
    void unreadableKey_isNamedWithItsLine() {
        assertRefused(
                "listen.tls.certificates = [\n { certificate = \"DIR/a.pem\", key = \"DIR/no.key\" } ]",
                "listen.tls.certificates[0].key: DIR/no.key: no such file (expected: a file in PEM), proxy.conf: 4");
    }

    @Test
    void mismatchedKey_isNamedWithItsLine() {
        assertRefused(
                "listen.tls.certificates = [\n { certificate = \"DIR/a.pem\", key = \"DIR/b.key\" } ]",
                "listen.tls.certificates[0].key: DIR/b.key: the key of another certificate (expected: that of DIR/a.pem),"
                        + " proxy.conf: 4");
    }

    @Test
    void unreadableTrust_isNamedWithItsLine() {
        assertRefused(
                "upstream-tls { trust = \"DIR/a.key\" }",
                "upstream-tls.trust: DIR/a.key: no certificate in it (expected: certificates in PEM), proxy.conf: 3");
        assertRefused(
                """
                listen.tls {
                  certificates = [ { certificate = "DIR/a.pem", key = "DIR/a.key" } ]
                  client-certificates = [ { trust = "DIR/no.pem" } ]
                }
                """,
                "listen.tls.client-certificates[0].trust: DIR/no.pem: no such file (expected: a file in PEM),"
                        + " proxy.conf: 5");
    }

    @Test
    void halfOfAnIdentity_isRefused() {
        assertRefused(
                "upstream-tls { certificate = \"DIR/a.pem\" }",
                "upstream-tls.key: missing (expected: a text), proxy.conf: 3");
        assertRefused(
                "listen.tls.certificates = [ { certificate = \"DIR/a.pem\" } ]",
                "listen.tls.certificates[0].key: missing (expected: a text), proxy.conf: 3");
    }

    @Test
    void noCertificate_isRefused() {
        assertThatThrownBy(() -> read("listen.tls {}"))
                .hasMessageStartingWith("listen.tls.certificates: none (expected: at least one, such as");
    }

    /** Only the server name is known when a connection begins. */
    @Test
    void conditionOnPaths_isRefused() {
        assertThatThrownBy(() -> read("""
                listen.tls {
                  certificates = [ { certificate = "DIR/a.pem", key = "DIR/a.key" } ]
                  client-certificates = [ { trust = "DIR/ca.pem", when { paths = ["/admin"] } } ]
                }
                """))
                .hasMessageContaining("when: no hosts (expected: hosts, which is all that is known before a request)")
                .hasMessageContaining("when.paths: unknown key (expected: hosts)");
    }
}
