package dev.sluice.engine.tls;

import dev.sluice.engine.CertificateFiles;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** A certificate that is valid now, with those behind it and its private key. */
record Credential(List<X509Certificate> chain, PrivateKey key) {

    private static final int DNS_NAME = 2;

    static Credential read(CertificateFiles files) throws TlsFileException {
        List<X509Certificate> chain = PemFile.certificates(files.certificate());
        X509Certificate own = chain.get(0);
        try {
            own.checkValidity();
        } catch (CertificateException e) {
            throw new TlsFileException(
                    files.certificate(),
                    "valid from " + own.getNotBefore().toInstant() + " to "
                            + own.getNotAfter().toInstant() + " (expected: a certificate that is valid now)");
        }
        PrivateKey key = PemFile.key(files.key(), own.getPublicKey());
        if (!belong(own.getPublicKey(), key)) {
            throw new TlsFileException(
                    files.key(), "the key of another certificate (expected: that of " + files.certificate() + ")");
        }
        return new Credential(chain, key);
    }

    private static boolean belong(PublicKey publicKey, PrivateKey key) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            byte[] message = {1};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Those that a client may ask for by name; addresses it cannot (RFC 6066 §3). */
    List<String> dnsNames() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = chain.get(0).getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0).equals(DNS_NAME)) {
                    names.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            // as one that names nobody
        }
        return names;
    }
}
