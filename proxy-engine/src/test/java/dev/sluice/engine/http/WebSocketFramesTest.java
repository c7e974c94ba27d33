package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy's own frames, read by Netty's decoder for the end that gets them. */
class WebSocketFramesTest {

    @ParameterizedTest
    @CsvSource({"1001, true", "1001, false", "1008, true", "4999, true", "3000, false"})
    void close_carriesItsCode(int code, boolean masked) {
        ByteBuf out = Unpooled.buffer();
        WebSocketFrames.writeClose(out, code, masked);
        CloseWebSocketFrame frame = (CloseWebSocketFrame) decode(out, masked);
        assertThat(frame.statusCode()).isEqualTo(code);
        assertThat(frame.reasonText()).isEmpty();
        frame.release();
    }

    @Test
    void pong_isToldFromTheAnswerToAnothersPing() {
        ByteBuf out = Unpooled.buffer();
        WebSocketFrames.writePing(out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("8904736c7563");
        assertThat(WebSocketFrames.isPong(frame("8a84" + "00000000" + "736c7563")))
                .isTrue();
        assertThat(WebSocketFrames.isPong(frame("8a84" + "01020304" + "726e7667")))
                .isTrue();
        assertThat(WebSocketFrames.isPong(frame("8a84" + "01020304" + "736c7563")))
                .isFalse();
        assertThat(WebSocketFrames.isPong(frame("8a80" + "01020304"))).isFalse();
        assertThat(WebSocketFrames.isPong(frame("8a84" + "00000000" + "736c7563" + "8a")))
                .isFalse();
    }

    private static ByteBuf frame(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1005, 1006, 1015, 5000})
    void codeThatMustNotBeSent_isRefused(int code) {
        assertThatThrownBy(() -> WebSocketFrames.writeClose(Unpooled.buffer(), code, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static WebSocketFrame decode(ByteBuf bytes, boolean masked) {
        assertThat(ByteBufUtil.getBytes(bytes)).hasSizeLessThanOrEqualTo(8);
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(masked)
                .allowMaskMismatch(false)
                .build()));
        channel.writeInbound(bytes);
        WebSocketFrame frame = channel.readInbound();
        channel.finishAndReleaseAll();
        return frame;
    }
}
