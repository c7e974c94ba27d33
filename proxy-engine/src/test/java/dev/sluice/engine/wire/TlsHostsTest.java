package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.Network;
import dev.sluice.api.RouteDecision;
import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ListenTls;
import dev.sluice.engine.ListenTls.ClientCertificates;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.builtin.HostPattern;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.Tls;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several certificates, and several demands on the client's own, by host. */
class TlsHostsTest {

    @TempDir
    static Path directory;

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TestAuthority CLIENTS = TestAuthority.create();
    private static final X509Bundle ALICE = CLIENTS.issue("alice");

    private static TestProxy proxy;

    @BeforeAll
    static void start() {
        Path trust = CLIENTS.writeTrust(directory.resolve("clients.pem"));
        ListenTls tls = new ListenTls(
                List.of(
                        certificate("first", List.of(), "first.test"),
                        certificate("apps", List.of(), "*.apps.test", "special.test"),
                        certificate("stated", List.of("stated.test"), "another.test")),
                List.of(
                        new ClientCertificates(trust, true, List.of(HostPattern.of("admin.apps.test"))),
                        new ClientCertificates(trust, false, List.of(HostPattern.of("special.test")))));
        proxy = TestProxy.with(
                s -> with(s, tls),
                builder -> builder.authenticator(request -> CompletableFuture.completedFuture(
                                AuthDecision.proceed(Identity.of(request.clientCertificate()
                                        .map(c -> c.getSubjectX500Principal().getName())
                                        .orElse("nobody")))))
                        .resolver(request -> CompletableFuture.completedFuture(RouteDecision.respond(LocalResponse.text(
                                200, request.identity().orElseThrow().userId())))));
    }

    private static ProxySettings with(ProxySettings settings, ListenTls tls) {
        return settings.withListen(settings.listen().withTls(tls)).withTrustedProxies(List.of(Network.of("127.0.0.1")));
    }

    private static ListenTls.Certificate certificate(String name, List<String> hosts, String... names) {
        Path file = TestAuthority.writeKeyPair(directory, name, AUTHORITY.issue(names));
        return new ListenTls.Certificate(new CertificateFiles(file, directory.resolve(name + ".key")), hosts);
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    private static Tls nobody() {
        return AUTHORITY.tls();
    }

    /** Trusts the proxy's certificates, and is known to it as alice. */
    private static Tls alice() {
        return AUTHORITY.tls(ALICE);
    }

    private static RawClient connect(Tls tls, String name) {
        return RawClient.connect(proxy.address(), tls.withServerName(name));
    }

    private static String get(RawClient client, String host) {
        var reply = client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").readReply();
        return reply.status() == 200 ? reply.text() : "" + reply.status();
    }

    // ---- certificates by server name

    @ParameterizedTest
    @CsvSource({
        "first.test, first.test",
        "a.apps.test, *.apps.test",
        "A.Apps.Test, *.apps.test",
        "special.test, *.apps.test",
        "a.b.apps.test, first.test",
        "apps.test, first.test",
        "stated.test, another.test",
        "another.test, first.test",
        "unknown.test, first.test",
    })
    void certificate_isChosenByServerName(String name, String shown) throws SSLPeerUnverifiedException {
        try (RawClient client = connect(nobody(), name)) {
            assertThat(commonName(client)).isEqualTo("CN=" + shown);
        }
    }

    @Test
    void withoutServerName_theFirstIsShown() throws SSLPeerUnverifiedException {
        try (RawClient client = RawClient.connect(proxy.address(), nobody())) {
            assertThat(commonName(client)).isEqualTo("CN=first.test");
            assertThat(get(client, "127.0.0.1")).isEqualTo("nobody");
        }
    }

    private static String commonName(RawClient client) throws SSLPeerUnverifiedException {
        X509Certificate shown = (X509Certificate) client.tlsSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    // ---- every request's host against what the connection was secured with

    @Test
    void hostOfTheSameCertificate_isServed() {
        try (RawClient client = connect(nobody(), "a.apps.test")) {
            assertThat(get(client, "a.apps.test")).isEqualTo("nobody");
            assertThat(get(client, "B.apps.test:8443")).isEqualTo("nobody");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"first.test", "unknown.test", "a.b.apps.test", "stated.test", "127.0.0.1"})
    void hostOfAnotherCertificate_returns421AndTheConnectionEnds(String host) {
        try (RawClient client = connect(nobody(), "a.apps.test")) {
            assertThat(get(client, "a.apps.test")).isEqualTo("nobody");
            assertThat(get(client, host)).isEqualTo("421");
            client.expectClosed();
        }
    }

    /** The host that plugins decide on is the one that is checked, whoever named it. */
    @Test
    void forwardedHostOfAnotherCertificate_returns421() {
        try (RawClient client = connect(nobody(), "a.apps.test")) {
            client.send("GET / HTTP/1.1\r\nHost: a.apps.test\r\nX-Forwarded-Host: admin.apps.test\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(421);
        }
    }

    // ---- clients' certificates

    @Test
    void requiredCertificate_isShownToPlugins() {
        try (RawClient client = connect(alice(), "admin.apps.test")) {
            assertThat(get(client, "admin.apps.test")).isEqualTo("CN=alice");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void certificateOfAResumedSession_isShownToPlugins(String version) {
        Tls alice = alice().withProtocols(version);
        try (RawClient first = connect(alice, "admin.apps.test")) {
            assertThat(get(first, "admin.apps.test")).isEqualTo("CN=alice");
            long began = first.tlsSession().getCreationTime();
            await().until(() -> System.currentTimeMillis() > began);
            try (RawClient second = connect(alice, "admin.apps.test")) {
                assertThat(get(second, "admin.apps.test")).isEqualTo("CN=alice");
                assertThat(second.tlsSession().getCreationTime()).isEqualTo(began);
            }
        }
    }

    @Test
    void requiredCertificateMissing_endsTheHandshake() {
        try (RawClient client = connect(nobody(), "admin.apps.test")) {
            client.expectCut();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin.apps.test", "special.test"})
    void untrustedCertificate_endsTheHandshakeEvenWhereOptional(String host) {
        Tls mallory = AUTHORITY.tls(TestAuthority.create().issue("alice"));
        try (RawClient client = connect(mallory, host)) {
            client.expectCut();
        }
    }

    @Test
    void optionalCertificate_mayBeMissing() {
        try (RawClient with = connect(alice(), "special.test");
                RawClient without = connect(nobody(), "special.test")) {
            assertThat(get(with, "special.test")).isEqualTo("CN=alice");
            assertThat(get(without, "special.test")).isEqualTo("nobody");
        }
    }

    @Test
    void whereNobodyAsks_noCertificateIsShown() {
        try (RawClient client = connect(alice(), "a.apps.test")) {
            assertThat(get(client, "a.apps.test")).isEqualTo("nobody");
        }
    }

    /** The door that domain fronting would open: another name in the handshake than in the request. */
    @ParameterizedTest
    @ValueSource(strings = {"a.apps.test", "special.test", "first.test"})
    void hostThatRequiresACertificate_isNotServedOnAConnectionForAnother(String name) {
        try (RawClient client = connect(nobody(), name)) {
            assertThat(get(client, "admin.apps.test")).isEqualTo("421");
        }
    }
}
