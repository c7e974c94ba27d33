package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.SetCookie;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamConnection;
import dev.sluice.testkit.wire.WebSocketClient;
import dev.sluice.testkit.wire.WebSocketFrame;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes through a tunnel, how it comes to be, and how its ends bring it to an end. */
class TunnelTest {

    private static final String OK = Scripts.text("ok");

    @Test
    void frames_passByteForByte() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            List<WebSocketFrame> frames = List.of(
                    WebSocketFrame.text("häppchen"),
                    new WebSocketFrame(true, WebSocketFrame.BINARY, Pattern.bytes(70_000)),
                    new WebSocketFrame(true, WebSocketFrame.PING, new byte[] {1, 2, 3}),
                    new WebSocketFrame(true, WebSocketFrame.PONG, new byte[125]),
                    new WebSocketFrame(false, WebSocketFrame.TEXT, new byte[] {'a'}),
                    new WebSocketFrame(true, WebSocketFrame.PING, new byte[0]),
                    new WebSocketFrame(false, WebSocketFrame.CONTINUATION, new byte[0]),
                    new WebSocketFrame(true, WebSocketFrame.CONTINUATION, new byte[] {'b'}));
            var sent = new StringBuilder();
            for (WebSocketFrame frame : frames) {
                socket.send(frame);
                sent.append(latin1(frame.encoded(true)));
                WebSocketFrame back = socket.read();
                assertThat(back.encoded(false)).isEqualTo(frame.encoded(false));
            }
            assertThat(upstream.received()).endsWith("\r\n\r\n" + sent);
            var large = new WebSocketFrame(true, WebSocketFrame.BINARY, Pattern.bytes(3 << 20));
            Thread sender = new Thread(() -> socket.send(large));
            sender.start();
            assertThat(socket.read().encoded(false)).isEqualTo(large.encoded(false));
            socket.sendClose(4321, "why");
            assertThat(socket.read().encoded(false))
                    .isEqualTo(WebSocketFrame.close(4321, "why").encoded(false));
            socket.raw().expectClosed();
        }
    }

    /** Invariants 6 and 7: a handshake is decided on, routed and edited as any other request. */
    @Test
    void handshake_goesThroughTheWholePipeline() {
        Authenticator session = new Authenticator() {
            @Override
            public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
                boolean known = String.valueOf(request.headers().get("Cookie")).contains("px=1");
                AuthDecision.Proceed alice = new AuthDecision.Proceed(
                        Identity.of("alice"),
                        HeaderEdits.builder().put("X-User", "alice").build(),
                        List.of(SetCookie.of("px", "2").build()));
                return CompletableFuture.completedFuture(
                        known ? alice : AuthDecision.respond(LocalResponse.status(401)));
            }

            @Override
            public Set<String> identityHeaders() {
                return Set.of("X-User");
            }

            @Override
            public Set<String> ownCookies() {
                return Set.of("px");
            }
        };
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(
                            c.readHead(), "Set-Cookie: app=1", "Set-Cookie: px=evil", "X-Gone: 1"));
                    c.awaitEnd();
                });
                var proxy = TestProxy.with(
                        s -> s,
                        b -> b.authenticator(session)
                                .resolver(request -> CompletableFuture.completedFuture(
                                        request.target().equals("/nowhere")
                                                ? RouteDecision.notFound()
                                                : RouteDecision.forward(upstream.upstream())
                                                        .withToClient(HeaderEdits.builder()
                                                                .remove("X-Gone")
                                                                .build()))));
                RawClient client = proxy.connect()) {
            client.send(handshake("/"));
            assertThat(client.readReply().status()).isEqualTo(401);
            client.send(handshake("/nowhere", "Cookie: px=1"));
            assertThat(client.readReply().status()).isEqualTo(404);
            assertThat(upstream.connections()).isEmpty();
            client.send(handshake("/", "Cookie: a=1; px=1", "X_User: root", "X-Forwarded-For: 6.6.6.6"));
            var reply = WebSocketClient.on(client).handshake();
            assertThat(reply.headers("Set-Cookie")).hasSize(2).contains("app=1").noneMatch(l -> l.contains("evil"));
            assertThat(reply.header("X-Gone")).isNull();
            assertThat(upstream.awaitRequest(1).headerLines())
                    .contains("Cookie: a=1", "X-User: alice", "X-Forwarded-For: 127.0.0.1")
                    .noneMatch(line -> line.contains("root") || line.contains("6.6.6.6"));
        }
    }

    @Test
    void handshake_reachesBothEndsWhole() {
        String target = "/a%2Fb/../c%20d;v=1?q=%F0%9F%90%8C&&x=";
        try (var upstream = ScriptedUpstream.start(c -> {
                    var request = c.readHead();
                    c.send(WebSocketHandshake.accept(
                            request,
                            "Sec-WebSocket-Protocol: v2",
                            "Sec-WebSocket-Extensions: permessage-deflate",
                            "Set-Cookie: _xsrf=1"));
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(
                        proxy.address(),
                        "app.example.org",
                        target,
                        "Origin: https://app.example.org",
                        "Sec-WebSocket-Protocol: v1, v2",
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                        "Cookie: theme=dark",
                        "X-Custom: é")) {
            var seen = upstream.awaitRequest(1);
            assertThat(seen.requestLine()).isEqualTo("GET " + target + " HTTP/1.1");
            assertThat(seen.headerLines())
                    .contains(
                            "Host: app.example.org",
                            "Origin: https://app.example.org",
                            "Sec-WebSocket-Protocol: v1, v2",
                            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: " + WebSocketHandshake.KEY,
                            "Cookie: theme=dark",
                            "X-Custom: é");
            assertThat(socket.handshake().headerLines())
                    .contains(
                            "Sec-WebSocket-Protocol: v2",
                            "Sec-WebSocket-Extensions: permessage-deflate",
                            "Set-Cookie: _xsrf=1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"keep-alive, Upgrade", "UPGRADE", "upgrade,keep-alive", "Keep-Alive\r\nConnection: upgrade"})
    void connectionOptions_inAnyCaseAndCompany_upgrade(String connection) {
        String request = handshake("/").replace("Connection: Upgrade", "Connection: " + connection);
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(request.replace("Upgrade: websocket", "Upgrade: WebSocket"));
            WebSocketClient.on(client).sendText("x").expectText("x");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"
            })
    void refusedHandshake_isRelayedAndTheConnectionGoesOn(String refusal) {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send(refusal);
                    c.readRequest();
                    c.send(OK);
                    Scripts.webSocketEcho().run(c);
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(handshake("/"));
            var reply = client.readReply();
            assertThat(reply.status()).isEqualTo(Integer.parseInt(refusal.substring(9, 12)));
            assertThat(reply.text()).isEqualTo("no");
            client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReply().text()).isEqualTo("ok");
            client.send(handshake("/"));
            WebSocketClient.on(client).sendText("x").expectText("x");
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: wrong\r\n",
                "Connection: Upgrade\r\nUpgrade: websocket\r\n",
                "Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
                "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
                "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            })
    void wrongAcceptance_returns502AndLeavesTheUpstream(String lines) {
        try (var upstream = ScriptedUpstream.start(
                        Scripts.garbage("HTTP/1.1 101 Switching Protocols\r\n" + lines + "\r\n"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(handshake("/"));
            assertThat(client.readReply().status()).isEqualTo(502);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_PROTOCOL);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void acceptanceNobodyAskedFor_returns502() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(502);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void bytesRightBehindTheHandshake_areKeptInBothDirections() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead())
                            + latin1(WebSocketFrame.text("early").encoded(false)));
                    c.send(new WebSocketFrame(true, WebSocketFrame.BINARY, c.read(11)).encoded(false));
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            byte[] frame = WebSocketFrame.text("ahead").encoded(true);
            client.send(handshake("/") + latin1(frame));
            WebSocketClient socket = WebSocketClient.on(client);
            socket.expectText("early");
            assertThat(socket.read().payload()).isEqualTo(frame);
        }
    }

    /** A 101 cannot be waited for before the end of the request has been passed on, and bytes behind it are the tunnel's. */
    @Test
    void handshakeWithAnEmptyBody_upgrades() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            String frame = latin1(WebSocketFrame.text("ahead").encoded(true));
            client.send(handshake("/", "Content-Length: 0") + frame);
            WebSocketClient socket = WebSocketClient.on(client);
            socket.expectText("ahead");
            socket.sendText("x").expectText("x");
        }
    }

    @Test
    void handshakeBehindAnotherRequest_waitsForItsTurn() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send(OK);
                    Scripts.webSocketEcho().run(c);
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n" + handshake("/second")
                    + latin1(WebSocketFrame.text("ahead").encoded(true)));
            assertThat(client.readReply().text()).isEqualTo("ok");
            WebSocketClient.on(client).expectText("ahead");
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    /** Invariant 2: what nobody decided on is not forwarded (RFC 9931). */
    @ParameterizedTest
    @ValueSource(strings = {"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n", "GET /smug", "G"})
    void bytesBehindAHandshakeThatTheUpstreamRefuses_areNotARequest(String behind) {
        CountDownLatch sent = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.stallUntil(sent);
                    c.send(OK);
                    c.awaitEnd();
                });
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send(handshake("/") + behind);
            sent.countDown();
            var reply = client.readReply();
            assertThat(reply.status()).isEqualTo(200);
            client.expectClosed();
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    /** Invariant 2. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n", "GET /smug", "G"})
    void bytesBehindAHandshakeThatTheProxyRefuses_areNotARequest(String behind) {
        try (var upstream = ScriptedUpstream.respondWith(OK);
                var proxy = TestProxy.with(
                        s -> s,
                        b -> b.authenticator(request -> CompletableFuture.completedFuture(
                                        request.webSocket()
                                                ? AuthDecision.respond(LocalResponse.status(401))
                                                : AuthDecision.proceed(Identity.ANONYMOUS)))
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            client.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n" + handshake("/") + behind);
            assertThat(client.readReply().status()).isEqualTo(200);
            var refusal = client.readReply();
            assertThat(refusal.status()).isEqualTo(401);
            assertThat(refusal.header("Connection")).isEqualTo("close");
            client.expectClosed();
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n", "Upgrade: TLS/1.2\r\n"})
    void otherUpgrades_areServedAsPlainHttp(String offer) {
        try (var upstream = ScriptedUpstream.respondWith(OK);
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            String request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n" + offer + "\r\n";
            client.send(request + request);
            assertThat(client.readReply().text()).isEqualTo("ok");
            assertThat(client.readReply().text()).isEqualTo("ok");
            assertThat(upstream.received().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("upgrade", "http2-settings");
        }
    }

    @Test
    void clientHalfCloses_upstreamIsToldAndMayStillSend() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    byte[] all = c.readToEnd();
                    c.send(new WebSocketFrame(true, WebSocketFrame.BINARY, all).encoded(false));
                });
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            byte[] last = WebSocketFrame.text("last").encoded(true);
            socket.raw().send(last).finishSending();
            assertThat(socket.read().payload()).isEqualTo(last);
            socket.raw().expectClosed();
            assertThat(proxy.awaitEnded().failure()).isNull();
            noConnectionIsLeft(proxy);
        }
    }

    @Test
    void upstreamHalfCloses_clientIsToldAndMayStillSend() throws Exception {
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead())).finishSending();
                    received.complete(c.readToEnd());
                });
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.raw().expectClosed();
            byte[] last = WebSocketFrame.text("last").encoded(true);
            socket.raw().send(last).finishSending();
            assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(last);
            assertThat(proxy.awaitEnded().failure()).isNull();
            noConnectionIsLeft(proxy);
        }
    }

    @Test
    void clientResets_upstreamIsReset() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    end.complete(endOf(c));
                });
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.raw().reset();
            assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(java.net.SocketException.class);
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_CLOSED);
            noConnectionIsLeft(proxy);
        }
    }

    @Test
    void upstreamResets_clientIsReset() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    c.read(1);
                    c.reset();
                });
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.raw().send("x").expectReset();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.UPSTREAM_CLOSED);
            noConnectionIsLeft(proxy);
        }
    }

    @Test
    void timeoutsOfHttp_doNotApply() {
        Duration brief = Duration.ofMillis(150);
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(
                        upstream.upstream(),
                        Bounds.times(Map.of(
                                "requestHead", brief,
                                "pluginCall", brief,
                                "queue", brief,
                                "connect", brief,
                                "responseHead", brief,
                                "bodyIdle", brief,
                                "bodyGrace", brief,
                                "requestLifetime", brief,
                                "keepAliveIdle", brief)));
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            socket.raw().expectSilence(Duration.ofMillis(500));
            socket.sendText("still here").expectText("still here");
        }
    }

    private static Throwable endOf(UpstreamConnection connection) {
        try {
            connection.readToEnd();
            return new AssertionError("closed in order");
        } catch (java.io.IOException e) {
            return e;
        }
    }

    private static void noConnectionIsLeft(TestProxy proxy) {
        await().until(() -> proxy.server().openConnections() == 0);
    }

    private static String handshake(String target, String... lines) {
        return WebSocketHandshake.request("h", target, lines);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
