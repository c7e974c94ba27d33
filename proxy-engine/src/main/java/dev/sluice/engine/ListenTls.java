package dev.sluice.engine;

import dev.sluice.engine.builtin.HostPattern;
import java.nio.file.Path;
import java.util.List;

/**
 * TLS towards clients. Its files are read anew when they change.
 *
 * @param certificates which the client's server name (SNI) chooses from; the first for names that none covers
 * @param clientCertificates whom to ask for a certificate; the first rule that takes the server name counts
 */
public record ListenTls(List<Certificate> certificates, List<ClientCertificates> clientCertificates) {

    /**
     * A certificate to show.
     *
     * @param hosts exact, or {@code *.example.org} for the hosts one label below; empty for the DNS names in the certificate
     */
    public record Certificate(CertificateFiles files, List<String> hosts) {

        public Certificate {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * Asks clients for a certificate.
     *
     * @param trust certificates in PEM, one of which must have issued the client's
     * @param required whether a client without one is refused; one that is not trusted is refused in any case
     * @param hosts the server names that are regarded; empty for every connection, those without a name included
     */
    public record ClientCertificates(Path trust, boolean required, List<HostPattern> hosts) {

        public ClientCertificates {
            hosts = List.copyOf(hosts);
        }

        /** Whether connections for {@code host} are regarded; empty for those without a server name. */
        public boolean regards(String host) {
            return hosts.isEmpty() || hosts.stream().anyMatch(pattern -> pattern.matches(host));
        }
    }

    /** @throws IllegalArgumentException without a certificate */
    public ListenTls {
        certificates = List.copyOf(certificates);
        clientCertificates = List.copyOf(clientCertificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("certificates: none (expected: at least one)");
        }
    }

    /** One certificate for every host; clients are not asked for theirs. */
    public static ListenTls of(CertificateFiles files) {
        return new ListenTls(List.of(new Certificate(files, List.of())), List.of());
    }
}
