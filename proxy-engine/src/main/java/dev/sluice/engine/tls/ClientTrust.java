package dev.sluice.engine.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates clients may show, and whether they have to. */
record ClientTrust(X509TrustManager issuers, boolean required) {

    static ClientTrust of(List<X509Certificate> issuers, boolean required) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < issuers.size(); i++) {
                store.setCertificateEntry("issuer-" + i, issuers.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return new ClientTrust((X509TrustManager) factory.getTrustManagers()[0], required);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }

    /**
     * The client's certificate, verified here and now: of a resumed session, the handshake verifies nothing, and the
     * certificate may have expired since it began.
     *
     * @throws CertificateException if it is not trusted, or missing where it is required
     */
    Optional<X509Certificate> verify(SSLSession session) throws CertificateException {
        X509Certificate[] chain;
        try {
            Certificate[] shown = session.getPeerCertificates();
            chain = Arrays.copyOf(shown, shown.length, X509Certificate[].class);
        } catch (SSLPeerUnverifiedException e) {
            if (required) {
                throw new CertificateException("none, and one is required", e);
            }
            return Optional.empty();
        }
        issuers.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
        return Optional.of(chain[0]);
    }
}
