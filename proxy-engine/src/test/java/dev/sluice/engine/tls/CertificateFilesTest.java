package dev.sluice.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ListenTls;
import dev.sluice.engine.UpstreamTls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of keys and certificates: what can be read, what is refused, and what a change of them does. */
class CertificateFilesTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    @TempDir
    Path directory;

    private CertificateFiles files(String certificate, String key) {
        return new CertificateFiles(directory.resolve(certificate), directory.resolve(key));
    }

    private CertificateFiles write(String name, X509Bundle bundle) {
        TestAuthority.writeKeyPair(directory, name, bundle);
        return files(name + ".pem", name + ".key");
    }

    // ---- keys

    @ParameterizedTest
    @EnumSource(names = {"rsa2048", "ecp256", "ecp384", "ed25519"})
    void keyOfEachKind_isRead(Algorithm algorithm) throws TlsFileException {
        X509Bundle bundle = AUTHORITY.issue(b -> b.algorithm(algorithm), "a.test");
        Credential read = Credential.read(write("a", bundle));
        assertThat(read.key()).isEqualTo(bundle.getKeyPair().getPrivate());
        assertThat(read.dnsNames()).containsExactly("a.test");
    }

    /** As {@code openssl genrsa -traditional}, {@code openssl ecparam -genkey} and many an orchestrator write them. */
    @ParameterizedTest
    @EnumSource(names = {"rsa2048", "ecp256", "ecp384"})
    void keyInItsOlderForm_isRead(Algorithm algorithm) throws Exception {
        X509Bundle bundle = AUTHORITY.issue(b -> b.algorithm(algorithm), "a.test");
        CertificateFiles files = write("a", bundle);
        PrivateKey key = bundle.getKeyPair().getPrivate();
        byte[] inner = PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        String kind = key.getAlgorithm().equals("RSA") ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
        TestAuthority.write(files.key(), "text before\n" + pem("EC PARAMETERS", new byte[] {5, 0}) + pem(kind, inner));
        assertThat(Credential.read(files).key()).isEqualTo(key);
    }

    private static String pem(String kind, byte[] der) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(kind, der));
        }
        return text.toString();
    }

    @Test
    void keyOfAnotherCertificate_isRefused() {
        write("a", AUTHORITY.issue("a.test"));
        write("b", AUTHORITY.issue("b.test"));
        assertRefused(files("a.pem", "b.key"), "b.key", "the key of another certificate");
        write("c", AUTHORITY.issue(CertificateBuilder::rsa2048, "c.test"));
        assertRefused(files("a.pem", "c.key"), "c.key", "no key of the certificate's kind (expected: EC, in PEM)");
    }

    @Test
    void keyThatIsNone_isRefused() {
        write("a", AUTHORITY.issue("a.test"));
        assertRefused(files("a.pem", "a.pem"), "a.pem", "no private key in it");
        assertRefused(files("a.pem", "absent.key"), "absent.key", "no such file");
        assertRefused(files("a.pem", "."), ".", "not readable");
        TestAuthority.write(directory.resolve("e.key"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END");
        assertRefused(files("a.pem", "e.key"), "e.key", "no private key in it (expected: one in PEM, not encrypted)");
        TestAuthority.write(
                directory.resolve("x.key"), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----");
        assertRefused(files("a.pem", "x.key"), "x.key", "no key of the certificate's kind");
    }

    // ---- certificates

    @Test
    void certificateThatIsNone_isRefused() {
        write("a", AUTHORITY.issue("a.test"));
        assertRefused(files("absent.pem", "a.key"), "absent.pem", "no such file");
        assertRefused(files("a.key", "a.key"), "a.key", "no certificate in it");
    }

    @Test
    void certificateThatIsNotValidNow_isRefused() {
        Instant now = Instant.now();
        Duration day = Duration.ofDays(1);
        CertificateFiles expired = write(
                "expired",
                AUTHORITY.issue(b -> b.notBefore(now.minus(day).minus(day)).notAfter(now.minus(day)), "a.test"));
        assertRefused(expired, "expired.pem", "valid from");
        CertificateFiles early = write(
                "early",
                AUTHORITY.issue(
                        b -> b.notBefore(now.plus(day)).notAfter(now.plus(day).plus(day)), "a.test"));
        assertRefused(early, "early.pem", "valid from");
    }

    @Test
    void certificateThatNamesNobody_isRefusedUnlessItIsTheFirst() throws TlsFileException {
        CertificateFiles nameless = write("nameless", AUTHORITY.root());
        ListenTls.Certificate certificate = new ListenTls.Certificate(nameless, List.of());
        assertThat(new ServerTls(ListenTls.of(nameless)).certificates().choose("a.test"))
                .isNotNull();
        assertThatThrownBy(() -> new ServerTls(new ListenTls(List.of(certificate, certificate), List.of())))
                .hasMessageContaining("nameless.pem: names no host");
    }

    @Test
    void trustThatIsNone_isRefused() {
        UpstreamTls settings = new UpstreamTls(Optional.of(directory.resolve("absent.pem")), Optional.empty());
        assertThatThrownBy(() -> new ClientTls(settings)).hasMessageContaining("absent.pem: no such file");
    }

    private void assertRefused(CertificateFiles files, String blamed, String why) {
        assertThatThrownBy(() -> Credential.read(files))
                .isInstanceOfSatisfying(
                        TlsFileException.class, e -> assertThat(e.file()).isEqualTo(directory.resolve(blamed)))
                .hasMessageContaining(why);
    }

    // ---- changes

    @Test
    void changedFiles_areReadAnewAndBadOnesAreNot() throws Exception {
        CertificateFiles files = write("a", AUTHORITY.issue("first.test"));
        FileBacked<String> watched = new FileBacked<>(
                "test",
                List.of(files.certificate(), files.key()),
                () -> Credential.read(files).dnsNames().get(0));
        String first = watched.current();
        watched.refresh();
        assertThat(watched.current()).isSameAs(first); // nothing has changed, nothing is read

        X509Bundle second = AUTHORITY.issue("second.test");
        TestAuthority.write(files.certificate(), second.getCertificatePathPEM());
        watched.refresh();
        assertThat(watched.current()).isEqualTo("first.test"); // the key is not there yet

        TestAuthority.write(files.key(), second.getPrivateKeyPEM());
        watched.refresh();
        assertThat(watched.current()).isEqualTo("second.test");

        Files.delete(files.key());
        watched.refresh();
        assertThat(watched.current()).isEqualTo("second.test");
    }

    /** The time it takes would be the largest part of a start. */
    @Test
    void withoutFiles_isMadeOnceAndNotAtTheStart() throws Exception {
        AtomicInteger made = new AtomicInteger();
        FileBacked<Integer> lazy = new FileBacked<>("test", List.of(), made::incrementAndGet);
        assertThat(made).hasValue(0);
        lazy.refresh();
        lazy.refresh();
        assertThat(made).hasValue(1);
        assertThat(lazy.current()).isEqualTo(1);
        assertThat(new FileBacked<>("test", List.of(), made::incrementAndGet).current())
                .isEqualTo(2);
    }

    // ---- clients' certificates

    /** The only thing that stands between a resumed session and a certificate that has expired since. */
    @Test
    void clientsCertificate_isVerifiedAnew() throws Exception {
        var nobody = SSLContext.getDefault().createSSLEngine().getSession();
        ClientTrust required = ClientTrust.of(List.of(AUTHORITY.root().getCertificate()), true);
        assertThatThrownBy(() -> required.verify(nobody)).hasMessage("none, and one is required");
        assertThat(ClientTrust.of(List.of(AUTHORITY.root().getCertificate()), false)
                        .verify(nobody))
                .isEmpty();
    }
}
