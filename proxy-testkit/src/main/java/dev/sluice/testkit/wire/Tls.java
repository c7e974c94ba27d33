package dev.sluice.testkit.wire;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * How one side of a test speaks TLS. The JDK tells the end of a connection from its truncation (FIN without
 * {@code close_notify}) only if {@code -Dcom.sun.net.ssl.requireCloseNotify=true} is set; so that no test is fooled, there
 * is no TLS without it.
 */
public final class Tls {

    private final SSLContext context;
    private final Consumer<SSLParameters> settings;

    private Tls(SSLContext context, Consumer<SSLParameters> settings) {
        this.context = context;
        this.settings = settings;
    }

    /** Speaks TLS with the keys and the trust of {@code context}. */
    public static Tls of(SSLContext context) {
        if (!Boolean.getBoolean("com.sun.net.ssl.requireCloseNotify")) {
            throw new IllegalStateException("start the tests with -Dcom.sun.net.ssl.requireCloseNotify=true");
        }
        return new Tls(context, parameters -> {});
    }

    /** As a client, asks for {@code name} (SNI). */
    public Tls withServerName(String name) {
        return with(parameters -> parameters.setServerNames(List.of(new SNIHostName(name))));
    }

    /** Speaks these versions only, such as {@code TLSv1.2}. */
    public Tls withProtocols(String... protocols) {
        return with(parameters -> parameters.setProtocols(protocols));
    }

    /** Offers (as a client) or takes (as a server) these application protocols (ALPN). */
    public Tls withApplicationProtocols(String... protocols) {
        return with(parameters -> parameters.setApplicationProtocols(protocols));
    }

    /** As a server, ends the handshake of a client without a certificate that the context trusts. */
    public Tls withClientCertificate() {
        return with(parameters -> parameters.setNeedClientAuth(true));
    }

    private Tls with(Consumer<SSLParameters> more) {
        return new Tls(context, settings.andThen(more));
    }

    SSLSocket client(Socket tcp) throws IOException {
        return on(tcp, true);
    }

    SSLSocket server(Socket tcp) throws IOException {
        return on(tcp, false);
    }

    private SSLSocket on(Socket tcp, boolean client) throws IOException {
        String peer = tcp.getInetAddress().getHostAddress();
        var tls = (SSLSocket) context.getSocketFactory().createSocket(tcp, peer, tcp.getPort(), true);
        tls.setUseClientMode(client);
        SSLParameters parameters = tls.getSSLParameters();
        settings.accept(parameters);
        tls.setSSLParameters(parameters);
        return tls;
    }
}
