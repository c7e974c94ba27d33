package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Upstream;
import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.UpstreamTls;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.Tls;
import dev.sluice.testkit.wire.UpstreamConnection;
import dev.sluice.testkit.wire.WebSocketClient;
import dev.sluice.testkit.wire.WebSocketFrame;
import dev.sluice.testkit.wire.WebSocketHandshake;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that speak TLS: who is believed, and how what they send may end. */
class TlsUpstreamTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final Tls TRUSTED = AUTHORITY.tls(AUTHORITY.issue("localhost"));

    @TempDir
    static Path directory;

    private static Path trust;

    @BeforeAll
    static void writeTrust() {
        trust = AUTHORITY.writeTrust(directory.resolve("ca.pem"));
    }

    private static UnaryOperator<ProxySettings> trusting() {
        return s -> s.withUpstreamTls(new UpstreamTls(Optional.of(trust), Optional.empty()));
    }

    private static TestProxy proxy(ScriptedUpstream upstream) {
        return TestProxy.to(upstream.upstream(), trusting());
    }

    // ---- what passes

    @Test
    void requests_passOnOneConnection() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, Scripts.respondWith(Scripts.text("ok")));
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
            }
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void largeBodies_passBothWays() {
        long size = 50 << 20;
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, Scripts.digest(), Scripts.pattern(size));
                var proxy = proxy(upstream);
                RawClient up = proxy.connect();
                RawClient down = proxy.connect()) {
            up.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
            upstream.awaitRequest(1);
            up.sendPattern(size);
            var head = down.send(GET).readReplyHead();
            assertThat(down.readBodyDigest(head)).isEqualTo(Pattern.digest(size));
            assertThat(up.readReply().text())
                    .isEqualTo(size + " " + Pattern.digest(size).sha256());
        }
    }

    @Test
    void trailers_pass() {
        try (var upstream = ScriptedUpstream.startTls(
                        TRUSTED,
                        Scripts.respondWith("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n"));
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: TE\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Up: 2\r\n\r\n");
            assertThat(client.readReply().trailers()).containsExactly("X-Sum: 1");
            assertThat(upstream.awaitRequest(1).trailers()).containsExactly("X-Up: 2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void session_isResumed(String version) {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED.withProtocols(version), c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                });
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            client.send(GET).readReply();
            long first = upstream.awaitConnection(1).tlsSession().getCreationTime();
            await().until(() -> System.currentTimeMillis() > first);
            client.send(GET).readReply();
            assertThat(upstream.awaitConnection(2).tlsSession().getCreationTime())
                    .isEqualTo(first);
        }
    }

    @Test
    void nameWithoutADot_isAskedFor() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, Scripts.respondWith(Scripts.text("ok")));
                var proxy = TestProxy.to(Upstream.of("https://localhost:" + upstream.port()), trusting());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
            var session = (ExtendedSSLSession) upstream.awaitConnection(1).tlsSession();
            assertThat(session.getRequestedServerNames())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("localhost");
        }
    }

    // ---- whom is believed

    @Test
    void unknownIssuer_returns502() {
        assertRefused(TestAuthority.create().issue("localhost"), "127.0.0.1");
    }

    @Test
    void otherName_returns502() {
        assertRefused(AUTHORITY.issue("elsewhere.test"), "localhost");
    }

    @Test
    void expiredCertificate_returns502() {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        assertRefused(
                AUTHORITY.issue(b -> b.notBefore(yesterday.minusSeconds(60)).notAfter(yesterday), "localhost"),
                "127.0.0.1");
    }

    private static void assertRefused(X509Bundle shown, String host) {
        assertRefusedBy(trusting(), shown, host);
    }

    private static void assertRefusedBy(UnaryOperator<ProxySettings> settings, X509Bundle shown, String host) {
        try (var upstream = ScriptedUpstream.startTls(AUTHORITY.tls(shown), Scripts.respondWith(Scripts.text("leak")));
                var proxy = TestProxy.to(Upstream.of("https://" + host + ":" + upstream.port()), settings);
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            var failure = Objects.requireNonNull(proxy.awaitExchange().failure());
            assertThat(failure.kind()).isEqualTo(Kind.CONNECT_FAILED);
            assertThat(failure.cause()).hasMessageContaining("TLS with " + host + ":" + upstream.port() + " failed: ");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void withoutATrustStore_theJvmsCounts() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, Scripts.respondWith(Scripts.text("leak")));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "no-store"})
    void jvmsTrustStoreThatCannotBeRead_isTrustInNobody(String name, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("no-store"), "not a store of keys");
        System.setProperty("javax.net.ssl.trustStore", directory.resolve(name).toString());
        try {
            assertRefusedBy(settings -> settings, AUTHORITY.issue("localhost"), "127.0.0.1");
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 400 Bad Request\r\n\r\n"})
    void upstreamDoesNotSpeakTls_returns502(String said) {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.read(1);
                    c.send(said);
                });
                var proxy = TestProxy.to(Upstream.of("https://127.0.0.1:" + upstream.port()), trusting());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CONNECT_FAILED);
        }
    }

    @Test
    void handshakeStalls_returns504AndTheConnectionIsClosed() {
        try (var upstream = ScriptedUpstream.start(UpstreamConnection::readToEnd);
                var proxy = TestProxy.to(
                        Upstream.of("https://127.0.0.1:" + upstream.port()),
                        s -> Bounds.connect(200).apply(trusting().apply(s)));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(504);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CONNECT_TIMEOUT);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void clientCertificate_isShownToUpstreamsThatAsk() {
        Path own = TestAuthority.writeKeyPair(directory, "proxy", AUTHORITY.issue("proxy"));
        var settings = new UpstreamTls(
                Optional.of(trust), Optional.of(new CertificateFiles(own, directory.resolve("proxy.key"))));
        try (var upstream = ScriptedUpstream.startTls(
                        TRUSTED.withClientCertificate(), Scripts.respondWith(Scripts.text("ok")));
                var with = TestProxy.to(upstream.upstream(), s -> s.withUpstreamTls(settings));
                var without = proxy(upstream);
                RawClient known = with.connect();
                RawClient unknown = without.connect()) {
            assertThat(known.send(GET).readReply().text()).isEqualTo("ok");
            assertThat(unknown.send(GET).readReply().status()).isEqualTo(502);
        }
    }

    // ---- how what they send ends

    @Test
    void bodyUntilCloseNotify_isWhole() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\n\r\nwhole");
                });
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("whole");
            assertThat(proxy.awaitEnded().failure()).isNull();
        }
    }

    /** The end of TCP can be forged by anybody on the way: without TLS's word the message is truncated (invariant 4). */
    @Test
    void bodyUntilAnEndWithoutCloseNotify_isCutShort() {
        var arrived = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\n\r\nhalf")
                            .stallUntil(arrived)
                            .cut()
                            .awaitEnd();
                });
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            client.send(GET).readUntil("half");
            arrived.countDown();
            client.readUntil("\r\n");
            client.expectEnded();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
        }
    }

    /** What is delimited by itself needs no word of TLS's. */
    @Test
    void wholeBodyBeforeAnEndWithoutCloseNotify_isWhole() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                            .cut()
                            .awaitEnd();
                });
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
            assertThat(proxy.awaitEnded().failure()).isNull();
        }
    }

    // ---- tunnels

    @Test
    void webSocket_passes() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, Scripts.webSocketEcho());
                var proxy = proxy(upstream);
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.sendText("hello").expectText("hello");
        }
    }

    @Test
    void webSocket_isHalfClosedBothWays() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    assertThat(c.readToEnd()).asString().isEqualTo("up");
                    c.send("down");
                });
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            WebSocketClient.on(client.send(WebSocketHandshake.request("h", "/") + "up"));
            client.finishSending();
            assertThat(client.readToEnd()).asString().isEqualTo("down");
            assertThat(proxy.awaitEnded().failure()).isNull();
        }
    }

    @Test
    void webSocketCutShort_resetsTheClient() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, c -> {
                    c.send(WebSocketHandshake.accept(c.readHead())).cut().awaitEnd();
                });
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            WebSocketClient.on(client.send(WebSocketHandshake.request("h", "/")));
            client.expectReset();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
        }
    }

    /** Many a server says Close and lets TLS's word out. */
    @Test
    void webSocketClosedBeforeAnEndWithoutCloseNotify_hasEndedInOrder() {
        try (var upstream = ScriptedUpstream.startTls(TRUSTED, c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()))
                            .send(WebSocketFrame.close(1000, "").encoded(false));
                    c.cut().awaitEnd();
                });
                var proxy = proxy(upstream);
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.expectClose(1000);
            socket.raw().finishSending();
            socket.raw().expectClosed();
            assertThat(proxy.awaitEnded().failure()).isNull();
        }
    }
}
