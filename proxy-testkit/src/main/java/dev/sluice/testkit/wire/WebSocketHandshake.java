package dev.sluice.testkit.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Both halves of the opening handshake (RFC 6455 §4). */
public final class WebSocketHandshake {

    /** RFC 6455 §1.3; any 16 bytes do, and a known key makes a test's bytes repeatable. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private WebSocketHandshake() {}

    /** The client's request. {@code headerLines} are added as they are. */
    public static String request(String host, String target, String... headerLines) {
        var request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + KEY + "\r\n");
        for (String line : headerLines) {
            request.append(line).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** The server's 101. {@code headerLines} are added as they are. */
    public static String accept(RawRequest request, String... headerLines) {
        String key = request.header("Sec-WebSocket-Key");
        if (key == null) {
            throw new AssertionError("no Sec-WebSocket-Key in:\n" + request.headText());
        }
        var reply = new StringBuilder(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                        + acceptFor(key) + "\r\n");
        for (String line : headerLines) {
            reply.append(line).append("\r\n");
        }
        return reply.append("\r\n").toString();
    }

    /** The {@code Sec-WebSocket-Accept} that belongs to {@code key} (RFC 6455 §4.2.2). */
    public static String acceptFor(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
