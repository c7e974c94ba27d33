package dev.sluice.engine.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which TLS is spoken: versions 1.2 and 1.3, ciphers with forward secrecy and authenticated encryption, by
 * OpenSSL where netty-tcnative is on the class path and by the JDK elsewhere.
 */
final class TlsContexts {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final long SESSION_SECONDS = 3600;

    private static final long SESSIONS = 20_000;

    private TlsContexts() {}

    /** @param clients whose certificates are asked for; null for nobody's */
    static SslContext server(Credential own, @Nullable ClientTrust clients) {
        SslProvider provider = SslContext.defaultServerProvider();
        SslContextBuilder builder = SslContextBuilder.forServer(own.key(), own.chain())
                .sslProvider(provider)
                .sessionTimeout(SESSION_SECONDS)
                .sessionCacheSize(SESSIONS)
                // To a client that speaks something else only, RFC 7301 §3.2 answers with an alert; OpenSSL's cannot.
                .applicationProtocolConfig(http11(
                        provider == SslProvider.JDK
                                ? SelectorFailureBehavior.FATAL_ALERT
                                : SelectorFailureBehavior.NO_ADVERTISE));
        if (clients != null) {
            builder.trustManager(clients.issuers())
                    .clientAuth(clients.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        return build(builder);
    }

    /** @param trust who may have issued upstreams' certificates; null for whom the JVM trusts */
    static SslContext client(@Nullable List<X509Certificate> trust, @Nullable Credential own) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslContext.defaultClientProvider())
                .endpointIdentificationAlgorithm("HTTPS") // RFC 9110 §4.3.4
                .applicationProtocolConfig(http11(SelectorFailureBehavior.NO_ADVERTISE));
        if (trust != null) {
            builder.trustManager(trust);
        }
        if (own != null) {
            builder.keyManager(own.key(), own.chain());
        }
        return build(builder);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }

    private static ApplicationProtocolConfig http11(SelectorFailureBehavior otherwise) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, otherwise, SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_1_1);
    }
}
