package dev.sluice.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WebSocketClientTest {

    @Test
    void frames_ofEverySizeAndKind_comeBackAsTheyWent() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var client = WebSocketClient.open(upstream.address(), "a", "/ws?x", "Cookie: a=b")) {
            assertThat(upstream.awaitRequest(1).header("Cookie")).isEqualTo("a=b");

            client.sendText("grüß").expectText("grüß");
            for (int size : new int[] {0, 125, 126, 65_535, 65_536}) {
                WebSocketFrame frame = client.sendBinary(Pattern.bytes(size)).read();
                assertThat(frame.payload()).isEqualTo(Pattern.bytes(size));
            }
            client.sendFragmented("a", "b").sendPing("p");
            assertThat(client.read().fin()).isFalse();
            assertThat(client.read()).matches(f -> f.fin() && f.opcode() == WebSocketFrame.CONTINUATION);
            assertThat(client.read().opcode()).isEqualTo(WebSocketFrame.PING);

            client.sendClose(4001, "bye").expectClose(4001);
            client.raw().expectClosed();
        }
    }

    /** The example of RFC 6455 §1.3. */
    @Test
    void acceptFor_isTheStandardsExample() {
        assertThat(WebSocketHandshake.acceptFor(WebSocketHandshake.KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void aWrongAccept_isRefused() {
        String reply = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\n\r\n";
        try (var upstream = ScriptedUpstream.respondWith(reply)) {
            assertThatThrownBy(() -> WebSocketClient.open(upstream.address(), "a", "/"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected 101 with Sec-WebSocket-Accept: s3pPLMBi");
        }
    }

    @Test
    void aServersMaskedFrame_isRefused() {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.send(WebSocketHandshake.accept(c.readHead()));
                    c.send(WebSocketFrame.text("x").encoded(true));
                });
                var client = WebSocketClient.open(upstream.address(), "a", "/")) {
            assertThatThrownBy(client::read).hasMessageContaining("without a mask");
        }
    }
}
