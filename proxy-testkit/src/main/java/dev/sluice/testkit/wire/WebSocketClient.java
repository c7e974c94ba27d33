package dev.sluice.testkit.wire;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that sends frames one by one, as it is told, and shows those that come back (RFC 6455). */
public final class WebSocketClient implements AutoCloseable {

    private final RawClient raw;
    private final RawReply handshake;

    private WebSocketClient(RawClient raw, RawReply handshake) {
        this.raw = raw;
        this.handshake = handshake;
    }

    /** Connects and shakes hands; {@code headerLines} are added to the request as they are. */
    public static WebSocketClient open(InetSocketAddress address, String host, String target, String... headerLines) {
        return on(RawClient.connect(address).send(WebSocketHandshake.request(host, target, headerLines)));
    }

    /**
     * Goes on over {@code raw}, which has sent {@link WebSocketHandshake#request}: reads the 101 and verifies it (RFC 6455
     * §4.1). For a handshake that is to be refused, use {@link RawClient#readReply} instead.
     */
    public static WebSocketClient on(RawClient raw) {
        RawReply reply = raw.readReplyHead();
        String accept = WebSocketHandshake.acceptFor(WebSocketHandshake.KEY);
        if (reply.status() != 101 || !accept.equals(reply.header("Sec-WebSocket-Accept"))) {
            throw new AssertionError("expected 101 with Sec-WebSocket-Accept: " + accept + ", but:\n" + reply);
        }
        return new WebSocketClient(raw, reply);
    }

    /** The head of the 101. */
    public RawReply handshake() {
        return handshake;
    }

    /** The connection beneath: for half-closing, resetting, sending what is no frame. */
    public RawClient raw() {
        return raw;
    }

    /** Sends a text message in one frame. */
    public WebSocketClient sendText(String text) {
        return send(WebSocketFrame.text(text));
    }

    /** Sends a binary message in one frame. */
    public WebSocketClient sendBinary(byte[] payload) {
        return send(new WebSocketFrame(true, WebSocketFrame.BINARY, payload));
    }

    /** Sends a text message in as many frames as there are {@code parts} (RFC 6455 §5.4). */
    public WebSocketClient sendFragmented(String... parts) {
        for (int i = 0; i < parts.length; i++) {
            int opcode = i == 0 ? WebSocketFrame.TEXT : WebSocketFrame.CONTINUATION;
            byte[] payload = parts[i].getBytes(StandardCharsets.UTF_8);
            send(new WebSocketFrame(i == parts.length - 1, opcode, payload));
        }
        return this;
    }

    public WebSocketClient sendPing(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return send(new WebSocketFrame(true, WebSocketFrame.PING, bytes));
    }

    public WebSocketClient sendClose(int code, String reason) {
        return send(WebSocketFrame.close(code, reason));
    }

    /** Sends {@code frame}, masked as a client must (RFC 6455 §5.3). */
    public WebSocketClient send(WebSocketFrame frame) {
        raw.send(frame.encoded(true));
        return this;
    }

    /** Reads the next frame, control frames included. */
    public WebSocketFrame read() {
        return raw.reading("a WebSocket frame", () -> WebSocketFrame.readNow(raw.wire(), false));
    }

    /** Reads a frame, which is to be the text message {@code expected}. */
    public void expectText(String expected) {
        WebSocketFrame frame = read();
        if (frame.opcode() != WebSocketFrame.TEXT || !frame.text().equals(expected)) {
            throw new AssertionError("expected the text \"" + expected + "\", but " + frame);
        }
    }

    /** Reads a frame, which is to be a Close with {@code code}. */
    public void expectClose(int code) {
        WebSocketFrame frame = read();
        if (frame.closeCode() != code) {
            throw new AssertionError("expected a Close with " + code + ", but with " + frame.closeCode());
        }
    }

    /** Closes the connection without a Close frame. */
    @Override
    public void close() {
        raw.close();
    }
}
