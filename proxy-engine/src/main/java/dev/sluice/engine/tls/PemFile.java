package dev.sluice.engine.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as people keep them: PEM (RFC 7468), and the older forms of keys that are still written. */
final class PemFile {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----");
    private static final long LONGEST = 1 << 20;

    private PemFile() {}

    /** At least one. */
    static List<X509Certificate> certificates(Path file) throws TlsFileException {
        byte[] bytes = read(file);
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            // answered below
        }
        throw new TlsFileException(file, "no certificate in it (expected: certificates in PEM)");
    }

    /** The private key of {@code owner}. */
    static PrivateKey key(Path file, PublicKey owner) throws TlsFileException {
        Matcher pem = KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new TlsFileException(file, "no private key in it (expected: one in PEM, not encrypted)");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            byte[] pkcs8 = pem.group(1).equals("PRIVATE KEY") ? der : Pkcs8.wrap(der, owner);
            return KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsFileException(
                    file, "no key of the certificate's kind (expected: " + owner.getAlgorithm() + ", in PEM)");
        }
    }

    private static byte[] read(Path file) throws TlsFileException {
        try {
            if (Files.size(file) > LONGEST) {
                throw new TlsFileException(file, "larger than 1 MiB (expected: a file in PEM)");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file, "no such file (expected: a file in PEM)");
        } catch (IOException e) {
            throw new TlsFileException(file, "not readable (expected: a file in PEM)");
        }
    }
}
