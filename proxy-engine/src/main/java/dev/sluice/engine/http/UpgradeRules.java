package dev.sluice.engine.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The opening handshake of WebSocket (RFC 6455 §4), the one upgrade that is passed on. The proxy checks it on both sides
 * itself: a tunnel that only one end believes in would carry requests that nobody decided on.
 */
public final class UpgradeRules {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private UpgradeRules() {}

    /** Whether a request asks to switch to WebSocket; {@code Upgrade} of HTTP/1.0 is ignored (RFC 9110 §7.8). */
    public static boolean asksForWebSocket(HttpRequest head) {
        HttpHeaders headers = head.headers();
        return headers.contains(HttpHeaderNames.UPGRADE)
                && Tokens.contains(headers, HttpHeaderNames.UPGRADE, "websocket")
                && ConnectionOptions.of(headers).upgrade()
                && head.protocolVersion() != HttpVersion.HTTP_1_0;
    }

    /** Refuses a request that asks for WebSocket and is no valid handshake (RFC 6455 §4.2.1). */
    static void checkHandshake(String method, HttpHeaders headers, Framing framing) throws RefusedHead {
        if (!method.equals("GET") || framing.mayHaveBody()) {
            throw new RefusedHead(400, "A WebSocket handshake is a GET without a body.");
        }
        List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (versions.size() != 1 || keys.size() != 1 || !isKey(keys.get(0))) {
            throw new RefusedHead(400, "The WebSocket handshake lacks its version or key.");
        }
        if (!versions.get(0).equals("13")) {
            throw new RefusedHead(426, "The version of WebSocket that is spoken is 13.");
        }
    }

    /** Whether {@code key} is 16 bytes in base64. */
    private static boolean isKey(String key) {
        if (key.length() != 24 || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < 22; i++) {
            char c = key.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    /** The {@code Sec-WebSocket-Accept} that answers {@code key}. */
    public static String accept(String key) {
        try {
            // RFC 6455 §4.2.2 prescribes SHA-1; nothing rests on its strength.
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }

    /**
     * Checks an upstream's 101 (RFC 6455 §4.1). What was negotiated besides (subprotocol, extensions) is between the two
     * ends.
     *
     * @throws RefusedHead with 502 if the client did not ask for WebSocket, or the upstream did not agree to it
     */
    public static void check101(HttpResponse head, ClientRequest request) throws RefusedHead {
        HttpHeaders headers = head.headers();
        if (!request.webSocket()) {
            throw new RefusedHead(502, "The upstream switches protocols unasked.");
        }
        List<String> upgrades = headers.getAll(HttpHeaderNames.UPGRADE);
        List<String> accepts = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        String key = request.rawHeaders().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
        boolean agreed = head.protocolVersion() == HttpVersion.HTTP_1_1
                && ConnectionOptions.of(headers).upgrade()
                && upgrades.size() == 1
                && upgrades.get(0).equalsIgnoreCase("websocket")
                && accepts.size() == 1
                && accepts.get(0).equals(accept(key));
        if (!agreed) {
            throw new RefusedHead(502, "The upstream answers the WebSocket handshake wrongly.");
        }
    }
}
