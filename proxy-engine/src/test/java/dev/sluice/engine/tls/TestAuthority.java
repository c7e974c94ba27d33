package dev.sluice.engine.tls;

import dev.sluice.testkit.wire.Tls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.jspecify.annotations.Nullable;

/** A certificate authority that tests trust, or do not. */
public final class TestAuthority {

    private static final CertificateBuilder BLANK = new CertificateBuilder().ecp256();

    private final X509Bundle root;

    private TestAuthority(X509Bundle root) {
        this.root = root;
    }

    public static TestAuthority create() {
        return new TestAuthority(make(null, b -> b.subject("CN=Test authority").setIsCertificateAuthority(true)));
    }

    /** A certificate for servers with these DNS names and for 127.0.0.1, or for a client of the first name. */
    public X509Bundle issue(String... names) {
        return issue(b -> b, names);
    }

    /** As {@link #issue(String...)}, changed. */
    public X509Bundle issue(UnaryOperator<CertificateBuilder> change, String... names) {
        return make(root, b -> {
            b.subject("CN=" + names[0])
                    .addExtensionOctetString("2.5.29.17", false, alternativeNames(names))
                    .addExtendedKeyUsageServerAuth()
                    .addExtendedKeyUsageClientAuth();
            return change.apply(b);
        });
    }

    /** By hand, since the builder takes no wildcard. */
    private static byte[] alternativeNames(String... names) {
        List<GeneralName> all = new ArrayList<>();
        all.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
        for (String name : names) {
            all.add(new GeneralName(GeneralName.dNSName, name));
        }
        try {
            return new GeneralNames(all.toArray(GeneralName[]::new)).getEncoded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Speaks TLS without a certificate of its own, and trusts this authority. */
    public Tls tls() {
        return tls(null);
    }

    /** Speaks TLS as {@code own}, and trusts this authority. */
    public Tls tls(@Nullable X509Bundle own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
            context.init(keys, new TrustManager[] {root.toTrustManager()}, null);
            return Tls.of(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public X509Bundle root() {
        return root;
    }

    /** Writes the authority's certificate. */
    public Path writeTrust(Path file) {
        return write(file, root.getCertificatePEM());
    }

    /** Writes {@code bundle} to {@code name.pem} and {@code name.key}; answers the former. */
    public static Path writeKeyPair(Path directory, String name, X509Bundle bundle) {
        write(directory.resolve(name + ".key"), bundle.getPrivateKeyPEM());
        return write(directory.resolve(name + ".pem"), bundle.getCertificatePathPEM());
    }

    public static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509Bundle make(@Nullable X509Bundle issuer, UnaryOperator<CertificateBuilder> change) {
        try {
            CertificateBuilder builder = change.apply(BLANK.copy());
            return issuer == null ? builder.buildSelfSigned() : builder.buildIssuedBy(issuer);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
