package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sluice.api.Network;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ListenTls;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.Tls;
import dev.sluice.testkit.wire.WebSocketClient;
import dev.sluice.testkit.wire.WebSocketHandshake;
import io.netty.handler.ssl.OpenSsl;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak TLS. */
class TlsClientTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir
    static Path directory;

    private static TestAuthority authority;
    private static ListenTls listenTls;

    @BeforeAll
    static void makeCertificates() {
        authority = TestAuthority.create();
        Path certificate = TestAuthority.writeKeyPair(directory, "a", authority.issue("a.test"));
        listenTls = ListenTls.of(new CertificateFiles(certificate, directory.resolve("a.key")));
    }

    private static UnaryOperator<ProxySettings> tls() {
        return s -> s.withListen(s.listen().withTls(listenTls));
    }

    private static RawClient connect(TestProxy proxy) {
        return connect(proxy, authority.tls());
    }

    private static RawClient connect(TestProxy proxy, Tls tls) {
        return RawClient.connect(proxy.address(), tls.withServerName("a.test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void requests_areServedAsHttps(String version) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = connect(proxy, authority.tls().withProtocols(version))) {
            assertThat(client.tlsSession().getProtocol()).isEqualTo(version);
            for (int i = 1; i <= 2; i++) {
                assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
                assertThat(upstream.awaitRequest(i).headers("X-Forwarded-Proto"))
                        .containsExactly("https");
            }
            assertThat(proxy.awaitEnded().request().scheme()).isEqualTo("https");
        }
    }

    @Test
    void largeBodies_passBothWays() {
        long size = 50 << 20;
        try (var upstream = ScriptedUpstream.startInTurn(Scripts.digest(), Scripts.pattern(size));
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient up = connect(proxy);
                RawClient down = connect(proxy)) {
            up.send("POST / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nContent-Length: " + size + "\r\n\r\n")
                    .sendPattern(size);
            assertThat(up.readReply().text())
                    .isEqualTo(size + " " + Pattern.digest(size).sha256());
            var head = down.send(GET).readReplyHead();
            assertThat(down.readBodyDigest(head)).isEqualTo(Pattern.digest(size));
        }
    }

    @Test
    void trailers_pass() {
        try (var upstream = ScriptedUpstream.respondWith(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = connect(proxy)) {
            client.send("GET / HTTP/1.1\r\nHost: a.test\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
            assertThat(client.readReply().trailers()).containsExactly("X-Sum: 1");
        }
    }

    @Test
    void webSocket_passesAndIsHalfClosed() {
        assumeFalse(OpenSsl.isAvailable(), "OpenSSL's side ends both directions at once");
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    assertThat(c.readToEnd()).asString().isEqualTo("up");
                    c.send("down").finishSending().awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = connect(proxy)) {
            WebSocketClient.on(client.send(WebSocketHandshake.request("a.test", "/") + "up"));
            client.finishSending();
            assertThat(client.readToEnd()).asString().isEqualTo("down");
            assertThat(proxy.awaitEnded().failure()).isNull();
        }
    }

    // ---- how it begins

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void session_isResumed(String version) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls())) {
            Tls tls = authority.tls().withProtocols(version);
            long first = began(proxy, tls);
            await().until(() -> System.currentTimeMillis() > first);
            assertThat(began(proxy, tls)).isEqualTo(first);
        }
    }

    /** When the session of a new connection began: before the connection, if it is resumed. */
    private static long began(TestProxy proxy, Tls tls) {
        try (RawClient client = connect(proxy, tls)) {
            client.send(GET).readReply(); // behind the ticket, by which TLS 1.3 resumes
            return client.tlsSession().getCreationTime();
        }
    }

    @Test
    void applicationProtocol_isHttp11OrNone() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = connect(proxy, authority.tls().withApplicationProtocols("h2", "http/1.1"))) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void otherApplicationProtocol_isRefused() {
        assumeFalse(OpenSsl.isAvailable(), "OpenSSL's side goes on without one");
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls())) {
            assertThatThrownBy(() -> connect(proxy, authority.tls().withApplicationProtocols("h2")))
                    .rootCause()
                    .hasMessageEndingWith("Received fatal alert: no_application_protocol");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "POST /secret HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc",
                "PRI * HTTP/2.0\r\n\r\n"
            })
    void plainHttp_isToldSo(String request) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = proxy.connect()) {
            var reply = client.send(request).readReply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text()).isEqualTo("This port speaks HTTPS.\n");
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\0\0", "\u0016\u0003\u0001\0\u0004\u0001\u0002\u0003\u0004"})
    void garbage_isCut(String begun) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = proxy.connect()) {
            client.send(begun);
            await().until(() -> proxy.server().openConnections() == 0);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0016\u0003\u0001\u0002\0"})
    void handshakeThatDoesNotEnd_isCutInTime(String begun) {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(
                        upstream.upstream(), s -> Bounds.tlsHandshake(150).apply(tls().apply(s)));
                RawClient client = proxy.connect()) {
            client.send(begun).expectClosed();
        }
    }

    /** The time for a request's head begins with the request. */
    @Test
    void silenceAfterTheHandshake_isNoLateHead() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(
                        upstream.upstream(), s -> Bounds.requestHead(100).apply(tls().apply(s)));
                RawClient client = connect(proxy)) {
            client.expectSilence(Duration.ofMillis(250));
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    @Test
    void proxyHeader_comesBeforeTheHandshake() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), s -> {
                    ProxySettings encrypted = tls().apply(s);
                    return encrypted.withListen(encrypted.listen().withProxyProtocol(List.of(Network.of("127.0.0.1"))));
                });
                RawClient balancer = proxy.connect()) {
            balancer.send("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n");
            try (RawClient client = balancer.startTls(authority.tls().withServerName("a.test"))) {
                client.send(GET).readReply();
                assertThat(upstream.awaitRequest(1).headers("X-Forwarded-For")).containsExactly("192.0.2.1");
                assertThat(upstream.awaitRequest(1).headers("X-Forwarded-Proto"))
                        .containsExactly("https");
            }
        }
    }

    // ---- how it ends

    @Test
    void connectionClose_endsWithCloseNotify() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = connect(proxy)) {
            client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
            assertThat(client.readReply().text()).isEqualTo("ok");
            client.expectClosed();
        }
    }

    @Test
    void idleConnection_endsWithCloseNotify() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(
                        upstream.upstream(), s -> Bounds.keepAliveIdle(150).apply(tls().apply(s)));
                RawClient client = connect(proxy)) {
            client.expectClosed();
        }
    }

    /** Invariant 4: without the close_notify, what is delimited by the end of the connection is seen to be cut short. */
    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0\r\nHost: a.test\r\n\r\n", GET})
    void truncatedBody_endsWithoutCloseNotify(String request) {
        var arrived = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
                            .stallUntil(arrived);
                });
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient client = connect(proxy)) {
            client.send(request).readUntil("half");
            arrived.countDown();
            if (request.equals(GET)) {
                client.readUntil("\r\n");
                client.expectCut();
            } else {
                client.expectReset();
            }
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
        }
    }

    @Test
    void clientEndsInTheMiddleOfItsBody_isBlamed() {
        try (var upstream = ScriptedUpstream.start(c -> c.readRequest());
                var proxy = TestProxy.to(upstream.upstream(), tls());
                RawClient orderly = connect(proxy);
                RawClient cut = connect(proxy)) {
            String half = "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf";
            orderly.send(half);
            upstream.awaitRequest(1);
            orderly.finishSending();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_CLOSED);
            cut.send(half);
            upstream.awaitRequest(2);
            cut.cut();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_CLOSED);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void untrustedByTheClient_isItsAffair() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(upstream.upstream(), tls())) {
            Tls stranger = TestAuthority.create().tls();
            assertThatThrownBy(() -> connect(proxy, stranger)).isInstanceOf(UncheckedIOException.class);
            await().until(() -> proxy.server().openConnections() == 0);
        }
    }
}
