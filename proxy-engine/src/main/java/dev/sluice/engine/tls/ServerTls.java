package dev.sluice.engine.tls;

import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ListenTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** TLS towards clients, by files that may change. */
public final class ServerTls {

    private final FileBacked<ServerCertificates> certificates;

    /** @throws TlsFileException if a file cannot be used */
    public ServerTls(ListenTls settings) throws TlsFileException {
        List<Path> files = new ArrayList<>();
        settings.certificates().forEach(certificate -> {
            CertificateFiles pair = certificate.files();
            files.add(pair.certificate());
            files.add(pair.key());
        });
        settings.clientCertificates().forEach(rule -> files.add(rule.trust()));
        certificates = new FileBacked<>("listen.tls", files, () -> ServerCertificates.read(settings));
    }

    /** What new connections are secured with. */
    ServerCertificates certificates() {
        return certificates.current();
    }

    /** Reads the files anew if they have changed. Connections that stand keep what they have. Blocks. */
    public void refresh() {
        certificates.refresh();
    }
}
