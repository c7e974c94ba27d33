package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ListenTls;
import dev.sluice.engine.UpstreamTls;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change while the proxy runs. */
class TlsReloadTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final TestAuthority AUTHORITY = TestAuthority.create();

    @TempDir
    Path directory;

    @Test
    void newCertificate_isShownToNewConnectionsAndOldOnesGoOn() throws Exception {
        Path certificate = TestAuthority.writeKeyPair(directory, "own", AUTHORITY.issue("first"));
        ListenTls tls = ListenTls.of(new CertificateFiles(certificate, directory.resolve("own.key")));
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(
                        upstream.upstream(), s -> s.withListen(s.listen().withTls(tls)));
                RawClient old = RawClient.connect(proxy.address(), AUTHORITY.tls())) {
            old.send(GET).readReply();

            TestAuthority.writeKeyPair(directory, "own", AUTHORITY.issue("second"));
            proxy.refreshCertificates();
            assertShows(proxy, "CN=second");
            assertThat(old.send(GET).readReply().text()).isEqualTo("ok");

            TestAuthority.write(certificate, "half a fi");
            proxy.refreshCertificates();
            assertShows(proxy, "CN=second");
            assertThat(old.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    private static void assertShows(TestProxy proxy, String name) throws SSLPeerUnverifiedException {
        try (RawClient client = RawClient.connect(proxy.address(), AUTHORITY.tls())) {
            X509Certificate shown = (X509Certificate) client.tlsSession().getPeerCertificates()[0];
            assertThat(shown.getSubjectX500Principal().getName()).isEqualTo(name);
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void newTrust_countsForNewConnectionsToUpstreams() {
        TestAuthority later = TestAuthority.create();
        Path trust = AUTHORITY.writeTrust(directory.resolve("ca.pem"));
        UpstreamTls tls = new UpstreamTls(Optional.of(trust), Optional.empty());
        try (var upstream = ScriptedUpstream.startTls(
                        later.tls(later.issue("localhost")), Scripts.respondWith(Scripts.text("ok")));
                var proxy = TestProxy.to(upstream.upstream(), s -> s.withUpstreamTls(tls));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            later.writeTrust(trust);
            proxy.refreshCertificates();
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
        }
    }
}
