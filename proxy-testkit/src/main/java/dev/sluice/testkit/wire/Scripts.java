package dev.sluice.testkit.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Scripts for a {@link ScriptedUpstream}. */
public final class Scripts {

    private Scripts() {}

    /**
     * Answers every request, once its body has been read, with {@code response} as it is; closes the connection if either
     * side's head says so.
     */
    public static UpstreamScript respondWith(String response) {
        return answering(request -> response);
    }

    /** Answers every request with {@code 200} and its own head, byte for byte, as the body. */
    public static UpstreamScript echo() {
        return answering(request -> text(request.headText()));
    }

    /** Reads whatever body comes and answers with its size and SHA-256: {@code "12 5f70…"}. */
    public static UpstreamScript digest() {
        return connection -> {
            while (true) {
                RawRequest request = connection.readHead();
                BodyDigest digest = connection.readBodyDigest(request);
                connection.send(text(digest.size() + " " + digest.sha256()));
            }
        };
    }

    /** Answers every request with the first {@code size} bytes of {@link Pattern}, delimited by Content-Length. */
    public static UpstreamScript pattern(long size) {
        return connection -> {
            while (true) {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                connection.sendPattern(size);
            }
        };
    }

    /** Reads one request, sends the first {@code n} bytes of {@code response} and closes (FIN). */
    public static UpstreamScript cutAfter(int n, String response) {
        return connection -> {
            connection.readRequest();
            connection.send(response.substring(0, n));
        };
    }

    /** Reads one request and resets the connection. */
    public static UpstreamScript resetAfterRequest() {
        return connection -> {
            connection.readRequest();
            connection.reset();
        };
    }

    /** Reads requests' heads, and does nothing more until {@code release} opens; then closes. */
    public static UpstreamScript stallUntil(CountDownLatch release) {
        return connection -> {
            connection.readHead();
            connection.stallUntil(release);
        };
    }

    /** Sends {@code garbage} to the first request, and closes. */
    public static UpstreamScript garbage(String garbage) {
        return connection -> {
            connection.readRequest();
            connection.send(garbage);
        };
    }

    /** Accepts a WebSocket handshake and sends every frame back as it came, to the Close frame (RFC 6455). */
    public static UpstreamScript webSocketEcho() {
        return connection -> {
            connection.send(WebSocketHandshake.accept(connection.readHead()));
            WebSocketFrame frame;
            do {
                frame = connection.readFrame();
                connection.send(frame.encoded(false));
            } while (frame.opcode() != WebSocketFrame.CLOSE);
        };
    }

    /** {@code 200} with {@code body} as plain text. */
    public static String text(String body) {
        int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    private static UpstreamScript answering(Answer answer) {
        return connection -> {
            RawRequest request;
            String response;
            do {
                request = connection.readRequest();
                response = answer.to(request);
                connection.send(response);
            } while (!request.rawHead().lists("Connection", "close") && !closes(response));
        };
    }

    private static boolean closes(String response) {
        String head = response.split("\r\n\r\n", 2)[0];
        return head.lines().anyMatch(line -> line.matches("(?i)connection:.*\\bclose\\b.*"));
    }

    private interface Answer {
        String to(RawRequest request) throws IOException;
    }
}
