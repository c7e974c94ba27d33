package dev.sluice.engine.tls;

import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.UpstreamTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

/** TLS towards upstreams, by files that may change. */
public final class ClientTls {

    private final FileBacked<SslContext> context;

    /** @throws TlsFileException if a file cannot be used */
    public ClientTls(UpstreamTls settings) throws TlsFileException {
        List<Path> files = new ArrayList<>();
        settings.trust().ifPresent(files::add);
        settings.identity().ifPresent(identity -> {
            files.add(identity.certificate());
            files.add(identity.key());
        });
        context = new FileBacked<>("upstream-tls", files, () -> read(settings));
        if (System.getProperty("javax.net.ssl.trustStore") != null) {
            context.current(); // a file after all, which stops the start if it cannot be used
        }
    }

    private static SslContext read(UpstreamTls settings) throws TlsFileException {
        Optional<Path> trust = settings.trust();
        Optional<CertificateFiles> identity = settings.identity();
        return TlsContexts.client(
                trust.isPresent() ? PemFile.certificates(trust.get()) : null,
                identity.isPresent() ? Credential.read(identity.get()) : null);
    }

    /**
     * The first handler of a connection to {@code host}, whose name the certificate must have. Where no files are named,
     * the first one takes as long as reading whom the JVM trusts does, unless {@link #refresh} was earlier.
     */
    public SslHandler handler(ByteBufAllocator allocator, String host, int port, Duration limit) {
        SslHandler handler = HeapRecords.gather(context.current().newHandler(allocator, host, port));
        handler.setHandshakeTimeoutMillis(limit.toMillis());
        if (host.indexOf('.') < 0) {
            sendName(handler, host);
        }
        return handler;
    }

    /** The JDK leaves out names without a dot, by which many a container's neighbour is known. */
    private static void sendName(SslHandler handler, String host) {
        try {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            handler.engine().setSSLParameters(parameters);
        } catch (IllegalArgumentException e) {
            // no name that SNI could carry (RFC 6066 §3)
        }
    }

    /** Reads the files anew if they have changed. Connections that stand keep what they have. Blocks. */
    public void refresh() {
        context.refresh();
    }
}
