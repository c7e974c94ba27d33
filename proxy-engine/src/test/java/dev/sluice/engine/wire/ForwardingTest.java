package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import org.junit.jupiter.api.Test;

class ForwardingTest {

    @Test
    void get_arrivesWithoutABodyAndTheReplyComesBack() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("hello"));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET /a?b=%2F HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n");
            var reply = client.readReply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).isEqualTo("hello");
            var seen = upstream.awaitRequest(1);
            assertThat(seen.requestLine()).isEqualTo("GET /a?b=%2F HTTP/1.1");
            assertThat(seen.headerLines()).startsWith("Host: example.org", "Accept: */*");
            assertThat(proxy.awaitEnded().failure()).isNull();
            client.send("GET /second HTTP/1.1\r\nHost: example.org\r\n\r\n");
            assertThat(client.readReply().text()).isEqualTo("hello");
            assertThat(upstream.connections()).hasSize(1);
        }
    }

    @Test
    void largeBodies_passBothWaysByteForByte() {
        long size = 64L << 20;
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("PUT /up HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
            client.sendPattern(size);
            assertThat(client.readReply().text())
                    .isEqualTo(size + " " + Pattern.digest(size).sha256());
        }
        try (var upstream = ScriptedUpstream.start(Scripts.pattern(size));
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("GET /down HTTP/1.1\r\nHost: h\r\n\r\n");
            var head = client.readReplyHead();
            assertThat(client.readBodyDigest(head)).isEqualTo(Pattern.digest(size));
        }
    }

    @Test
    void webSocket_echoes() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/ws")) {
            socket.sendText("one");
            socket.expectText("one");
            socket.sendClose(1000, "bye");
            socket.expectClose(1000);
        }
    }

    @Test
    void headAnsweredByAPage_getsNoBodyAndKeepsTheConnection() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("a page"))) {
            var page = RouteDecision.forward(upstream.upstream()).withRewrite(Rewrite.NONE.asPage("/page"));
            try (var proxy = TestProxy.with(
                            s -> s, b -> b.authenticator(TestProxy.ANYBODY).resolver(TestProxy.always(page)));
                    RawClient client = proxy.connect()) {
                client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.readReplyHead().header("Content-Length")).isEqualTo("6");
                client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.readReply().text()).isEqualTo("a page");
            }
        }
    }

    @Test
    void handshakeWithContentLengthZero_isAHandshake() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(upstream.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/ws", "Content-Length: 0")) {
            socket.sendText("one");
            socket.expectText("one");
        }
    }
}
