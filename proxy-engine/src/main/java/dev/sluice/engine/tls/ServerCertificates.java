package dev.sluice.engine.tls;

import dev.sluice.engine.ListenTls;
import dev.sluice.engine.ListenTls.ClientCertificates;
import io.netty.handler.ssl.SslContext;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What connections are secured with, by server name. Immutable. */
final class ServerCertificates {

    /** The first is for names that no certificate covers. */
    private final List<List<Choice>> byCertificateAndRule = new ArrayList<>();

    private final Map<String, List<Choice>> byName = new HashMap<>();
    private final List<ClientCertificates> rules;

    /** One certificate with one rule about clients' own; compared by identity. */
    static final class Choice {

        private final SslContext context;
        private final @Nullable ClientTrust clients;

        private Choice(Credential credential, @Nullable ClientTrust clients) {
            this.context = TlsContexts.server(credential, clients);
            this.clients = clients;
        }

        SslContext context() {
            return context;
        }

        /**
         * The client's certificate, if it was asked for.
         *
         * @throws CertificateException if it is not what is demanded
         */
        Optional<X509Certificate> verify(SSLSession session) throws CertificateException {
            return clients == null ? Optional.empty() : clients.verify(session);
        }
    }

    static ServerCertificates read(ListenTls settings) throws TlsFileException {
        return new ServerCertificates(settings);
    }

    private ServerCertificates(ListenTls settings) throws TlsFileException {
        rules = settings.clientCertificates();
        List<ClientTrust> trusts = new ArrayList<>();
        for (ClientCertificates rule : rules) {
            trusts.add(ClientTrust.of(PemFile.certificates(rule.trust()), rule.required()));
        }
        for (ListenTls.Certificate certificate : settings.certificates()) {
            Credential credential = Credential.read(certificate.files());
            List<String> hosts = certificate.hosts().isEmpty() ? credential.dnsNames() : certificate.hosts();
            if (hosts.isEmpty() && !byCertificateAndRule.isEmpty()) {
                throw new TlsFileException(
                        certificate.files().certificate(),
                        "names no host, and is not the first (expected: DNS names in it, or hosts in the configuration)");
            }
            List<Choice> byRule = new ArrayList<>();
            trusts.forEach(trust -> byRule.add(new Choice(credential, trust)));
            byRule.add(new Choice(credential, null));
            byCertificateAndRule.add(byRule);
            hosts.forEach(host -> byName.putIfAbsent(host.toLowerCase(Locale.ROOT), byRule));
        }
    }

    /** @param host in canonical form; null for connections without a server name */
    Choice choose(@Nullable String host) {
        List<Choice> byRule = byCertificateAndRule.get(0);
        if (rules.isEmpty() && byCertificateAndRule.size() == 1) {
            return byRule.get(0);
        }
        if (host != null) {
            // A wildcard stands for one label (RFC 9525 §6.3).
            List<Choice> below = byName.getOrDefault("*" + host.substring(Math.max(0, host.indexOf('.'))), byRule);
            byRule = byName.getOrDefault(host, below);
        }
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).regards(host == null ? "" : host)) {
                return byRule.get(i);
            }
        }
        return byRule.get(rules.size());
    }
}
