package dev.sluice.engine.wire;

import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ListenTls;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.UpstreamTls;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.wire.Tls;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** TLS as the fault matrix and the soak speak it, and as it should not be spoken. */
final class FaultTls {

    /** The beginning of a ClientHello, or of a ServerHello: a record that says it is longer (RFC 8446 §5.1). */
    static final String HALF_A_HELLO = "\u0016\u0003\u0003\u0002\u0000";

    /** A whole ClientHello (RFC 8446 §4.1.2). */
    static final String HELLO = "\u0016\u0003\u0001\u0000\u002d\u0001\u0000\u0000\u0029\u0003\u0003" + "r".repeat(32)
            + "\u0000\u0000\u0002\u0013\u0001\u0001\u0000";

    /** What TLS says to bytes that are none: the alert unexpected_message (RFC 8446 §6.2). */
    static final String ALERT = "\u0015\u0003\u0003\u0000\u0002\u0002\n";

    /** A record of application data, which no key deciphers (RFC 8446 §5.2). */
    static final String BROKEN_RECORD = "\u0017\u0003\u0003\u0000\u0020" + "x".repeat(32);

    private final ListenTls listen;
    private final UpstreamTls toUpstreams;
    private final Tls client;
    private final Tls distrustingClient;
    private final Tls upstream;
    private final Tls unknownUpstream;

    /** @param directory where the files go that the proxy reads */
    FaultTls(Path directory) {
        TestAuthority authority = TestAuthority.create();
        TestAuthority unknown = TestAuthority.create();
        Path certificate = TestAuthority.writeKeyPair(directory, "proxy", authority.issue("proxy.test"));
        listen = ListenTls.of(new CertificateFiles(certificate, directory.resolve("proxy.key")));
        toUpstreams = new UpstreamTls(Optional.of(authority.writeTrust(directory.resolve("ca.pem"))), Optional.empty());
        client = authority.tls();
        distrustingClient = unknown.tls();
        upstream = authority.tls(authority.issue("localhost"));
        unknownUpstream = unknown.tls(unknown.issue("localhost"));
    }

    /** Lets the proxy trust upstreams that speak as {@link #upstream} does. */
    UnaryOperator<ProxySettings> trusting() {
        return settings -> settings.withUpstreamTls(toUpstreams);
    }

    /** Lets the proxy speak TLS with clients. */
    UnaryOperator<ProxySettings> listening() {
        return settings -> settings.withListen(settings.listen().withTls(listen));
    }

    Tls client() {
        return client;
    }

    /** Does not believe the proxy. */
    Tls distrustingClient() {
        return distrustingClient;
    }

    Tls upstream() {
        return upstream;
    }

    /** Is not believed by the proxy. */
    Tls unknownUpstream() {
        return unknownUpstream;
    }
}
