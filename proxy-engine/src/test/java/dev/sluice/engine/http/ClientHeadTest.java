package dev.sluice.engine.http;

import static dev.sluice.engine.http.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.LocalResponse;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The upstream's head in, the client's out, compared as a whole. */
class ClientHeadTest {

    @ParameterizedTest
    @MethodSource
    void head_isRelayedWithFramingLast(String method, String version, boolean keepAlive, String raw, String expected)
            throws RefusedHead {
        ClientRequest request = request(method, version);
        HttpResponse head = Wire.response(raw);
        Framing framing = ResponseRules.accept(head, request, method);
        assertThat(Wire.written(out ->
                        ClientHead.write(out, request, head, HeaderEdits.NONE, List.of(), framing, keepAlive, 0)))
                .isEqualTo(expected);
    }

    private static Stream<Arguments> head_isRelayedWithFramingLast() {
        String via = "Via: 1.1 sluice";
        String close = "Connection: close";
        return Stream.of(
                get(
                        head("HTTP/1.1 200 OK", "Content-Length: 5", "A: a"),
                        head("HTTP/1.1 200 OK", "A: a", via, "Content-Length: 5")),
                get(
                        head("HTTP/1.1 200 All fine, \u00e9", "E:", "a: \u00e9", "Content-Length: 0"),
                        head("HTTP/1.1 200 All fine, \u00e9", "E: ", "a: \u00e9", via, "Content-Length: 0")),
                get(
                        "HTTP/1.1 999 \r\nContent-Length: 5\r\n\r\n",
                        "HTTP/1.1 999 \r\n" + via + "\r\nContent-Length: 5\r\n\r\n"),
                get(
                        "HTTP/1.1 200 O\u0001K\r\nContent-Length: 5\r\n\r\n",
                        head("HTTP/1.1 200 O K", via, "Content-Length: 5")),
                get(
                        head("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked", "Trailer: T"),
                        head("HTTP/1.1 200 OK", via, "Transfer-Encoding: chunked")),
                get(
                        head("HTTP/1.0 200 OK", "Via: 1.0 fred"),
                        head("HTTP/1.1 200 OK", "Via: 1.0 fred", "Via: 1.0 sluice", "Transfer-Encoding: chunked")),
                // Hop-by-hop, and what Connection names, but not what the client relies on.
                get(
                        head(
                                "HTTP/1.1 200 OK",
                                "Connection: close, X-Hop, Content-Length, Authorization",
                                "Keep-Alive: timeout=5",
                                "X-Hop: 1",
                                "Proxy-Authenticate: Basic",
                                "Proxy-Connection: close",
                                "Upgrade: h2c",
                                "TE: trailers",
                                "WWW-Authenticate: Basic",
                                "Content-Length: 5"),
                        head("HTTP/1.1 200 OK", "WWW-Authenticate: Basic", via, "Content-Length: 5")),
                Arguments.of(
                        "GET",
                        "1.1",
                        false,
                        head("HTTP/1.1 200 OK", "Content-Length: 5"),
                        head("HTTP/1.1 200 OK", via, close, "Content-Length: 5")),
                // Without a body.
                get(
                        head("HTTP/1.1 204 No Content", "Content-Length: 5", "A: a"),
                        head("HTTP/1.1 204 No Content", "A: a", via)),
                get(
                        head("HTTP/1.1 304 Not Modified", "Content-Length: 5", "ETag: e"),
                        head("HTTP/1.1 304 Not Modified", "Content-Length: 5", "ETag: e", via)),
                Arguments.of(
                        "HEAD",
                        "1.1",
                        true,
                        head("HTTP/1.1 200 OK", "Content-Length: 5"),
                        head("HTTP/1.1 200 OK", "Content-Length: 5", via)),
                Arguments.of(
                        "HEAD",
                        "1.1",
                        true,
                        head("HTTP/1.1 200 OK", "Content-Length: 0"),
                        head("HTTP/1.1 200 OK", "Content-Length: 0", via)),
                Arguments.of(
                        "HEAD",
                        "1.1",
                        true,
                        head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"),
                        head("HTTP/1.1 200 OK", via)),
                // HTTP/1.0.
                Arguments.of(
                        "GET",
                        "1.0",
                        true,
                        head("HTTP/1.1 200 OK", "Content-Length: 5"),
                        head("HTTP/1.1 200 OK", via, "Connection: keep-alive", "Content-Length: 5")),
                Arguments.of(
                        "GET",
                        "1.0",
                        true,
                        head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"),
                        head("HTTP/1.1 200 OK", via, close)),
                Arguments.of("GET", "1.0", true, head("HTTP/1.1 200 OK"), head("HTTP/1.1 200 OK", via, close)),
                Arguments.of(
                        "HEAD",
                        "1.0",
                        true,
                        head("HTTP/1.1 200 OK"),
                        head("HTTP/1.1 200 OK", via, "Connection: keep-alive")),
                // A 426 names what it requires.
                get(
                        head("HTTP/1.1 426 Upgrade Required", "Upgrade: websocket", "Content-Length: 0"),
                        head(
                                "HTTP/1.1 426 Upgrade Required",
                                via,
                                "Upgrade: websocket",
                                "Connection: Upgrade",
                                "Content-Length: 0")));
    }

    private static Arguments get(String raw, String expected) {
        return Arguments.of("GET", "1.1", true, raw, expected);
    }

    @Test
    void switchingProtocols_keepsItsHandshakeAndNothingOfTheHop() throws RefusedHead {
        ClientRequest request = Wire.accept(head(
                "GET / HTTP/1.1",
                "Host: a",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        HttpResponse head = Wire.response(head(
                "HTTP/1.1 101 Switching",
                "Connection: upgrade, X-Hop",
                "X-Hop: 1",
                "Keep-Alive: timeout=5",
                "Upgrade: WebSocket",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Set-Cookie: theirs=1",
                "Sec-WebSocket-Protocol: chat",
                "Content-Length: 0"));
        Framing framing = ResponseRules.accept(head, request, "GET");
        assertThat(Wire.written(out ->
                        ClientHead.write(out, request, head, HeaderEdits.NONE, List.of("merged=1"), framing, true, 0)))
                .isEqualTo(head(
                        "HTTP/1.1 101 Switching",
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                        "Set-Cookie: merged=1",
                        "Sec-WebSocket-Protocol: chat",
                        "Via: 1.1 sluice",
                        "Connection: Upgrade",
                        "Upgrade: websocket"));
    }

    @Test
    void cookies_standWhereTheFirstStoodOneToALine() throws RefusedHead {
        String raw = head("HTTP/1.1 200 OK", "A: a", "Set-Cookie: x=1", "B: b", "set-cookie: y=2", "Content-Length: 0");
        assertThat(relay(raw, HeaderEdits.NONE, List.of("x=1; Domain=a, b", "px=3"), 0))
                .isEqualTo(head(
                        "HTTP/1.1 200 OK",
                        "A: a",
                        "Set-Cookie: x=1; Domain=a, b",
                        "Set-Cookie: px=3",
                        "B: b",
                        "Via: 1.1 sluice",
                        "Content-Length: 0"));
        assertThat(relay(raw, HeaderEdits.NONE, List.of(), 0)).doesNotContainIgnoringCase("cookie");
        assertThat(relay(head("HTTP/1.1 200 OK", "A: a", "Content-Length: 0"), HeaderEdits.NONE, List.of("px=3"), 0))
                .isEqualTo(head("HTTP/1.1 200 OK", "A: a", "Set-Cookie: px=3", "Via: 1.1 sluice", "Content-Length: 0"));
        assertThatThrownBy(() -> relay(raw, HeaderEdits.NONE, List.of("px=secret\r\nX: y"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void edits_replaceAndAdd() throws RefusedHead {
        HeaderEdits edits = HeaderEdits.builder()
                .put("Server", "s")
                .remove("X-Powered-By")
                .add("A", "2")
                .build();
        assertThat(relay(
                        head("HTTP/1.1 200 OK", "Server: u", "X-Powered-By: p", "A: 1", "Content-Length: 0"),
                        edits,
                        List.of(),
                        0))
                .isEqualTo(
                        head("HTTP/1.1 200 OK", "A: 1", "Server: s", "A: 2", "Via: 1.1 sluice", "Content-Length: 0"));
    }

    @Test
    void unreadyPage_tellsWhenToComeBackWhateverThePageSaid() throws RefusedHead {
        HeaderEdits edits = HeaderEdits.builder()
                .put("Cache-Control", "public")
                .add("Retry-After", "9")
                .build();
        String raw = head("HTTP/1.1 200 OK", "Cache-Control: max-age=1", "Retry-After: 1", "Content-Length: 0");
        assertThat(relay(raw, edits, List.of(), 3))
                .isEqualTo(head(
                        "HTTP/1.1 200 OK",
                        "Retry-After: 3",
                        "Cache-Control: no-store",
                        "Via: 1.1 sluice",
                        "Content-Length: 0"));
    }

    @Test
    void answerToHeadThatWasAskedAsGet_announcesTheLengthOnly() throws RefusedHead {
        HttpResponse head = Wire.response(head("HTTP/1.1 200 OK", "Content-Length: 5"));
        ClientRequest request = request("HEAD", "1.1");
        Framing framing = ResponseRules.accept(head, request, "GET");
        assertThat(Wire.written(
                        out -> ClientHead.write(out, request, head, HeaderEdits.NONE, List.of(), framing, true, 0)))
                .isEqualTo(head("HTTP/1.1 200 OK", "Via: 1.1 sluice", "Content-Length: 5"));
    }

    @Test
    void interimResponse_keepsItsFieldsWithoutCookiesAndFraming() {
        String raw = head("HTTP/1.1 103 Early Hints", "Link: </a>", "Set-Cookie: a=1", "Connection: x", "X: x");
        assertThat(Wire.written(out -> ClientHead.writeInterim(out, Wire.response(raw))))
                .isEqualTo(head("HTTP/1.1 103 Early Hints", "Link: </a>"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 1.1, true, ''",
        "GET, 1.1, false, 'Connection: close\r\n'",
        "GET, 1.0, true, 'Connection: keep-alive\r\n'",
        "HEAD, 1.1, true, ''"
    })
    void localAnswer_carriesItsBodyUnlessAskedByHead(
            String method, String version, boolean keepAlive, String connection) throws RefusedHead {
        ClientRequest request = request(method, version);
        LocalResponse page = LocalResponse.html(503, "caf\u00e9").withHeader("X", "x");
        byte[] body = "caf\u00e9".getBytes(StandardCharsets.UTF_8);
        assertThat(Wire.written(out -> ClientHead.writeLocal(out, request, page, List.of("px=1", "px=2"), keepAlive)))
                .isEqualTo("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\nX: x\r\n"
                        + "Set-Cookie: px=1\r\nSet-Cookie: px=2\r\n" + connection + "Content-Length: 5\r\n\r\n"
                        + (method.equals("HEAD") ? "" : new String(body, StandardCharsets.ISO_8859_1)));
    }

    @Test
    void localAnswerWithoutBody_saysSoByItsStatusOrLength() {
        assertThat(local(LocalResponse.status(204).withBody("text/plain", new byte[1]), true, 0))
                .isEqualTo(head("HTTP/1.1 204 No Content"));
        assertThat(local(LocalResponse.status(304).withHeader("ETag", "e"), false, 0))
                .isEqualTo(head("HTTP/1.1 304 Not Modified", "ETag: e", "Connection: close"));
        assertThat(local(LocalResponse.redirect("/x"), true, 0))
                .isEqualTo(head("HTTP/1.1 302 Found", "Location: /x", "Cache-Control: no-store", "Content-Length: 0"));
        assertThat(local(LocalResponse.redirect("/x"), true, 2))
                .isEqualTo(head(
                        "HTTP/1.1 302 Found",
                        "Location: /x",
                        "Retry-After: 2",
                        "Cache-Control: no-store",
                        "Content-Length: 0"));
    }

    @Test
    void refusedVersionOfWebSocket_namesTheRightOne() {
        assertThat(local(new RefusedHead(426, "no").response(), false, 0))
                .isEqualTo(head(
                                "HTTP/1.1 426 Upgrade Required",
                                "Content-Type: text/plain; charset=utf-8",
                                "Sec-WebSocket-Version: 13",
                                "Upgrade: websocket",
                                "Connection: Upgrade, close",
                                "Content-Length: 3")
                        + "no\n");
    }

    private static String local(LocalResponse response, boolean keepAlive, int retryAfter) {
        return Wire.written(out -> ClientHead.writeLocal(out, null, response, List.of(), keepAlive, retryAfter));
    }

    private static String relay(String raw, HeaderEdits edits, List<String> cookies, int retryAfter)
            throws RefusedHead {
        HttpResponse head = Wire.response(raw);
        ClientRequest request = request("GET", "1.1");
        Framing framing = ResponseRules.accept(head, request, "GET");
        return Wire.written(out -> ClientHead.write(out, request, head, edits, cookies, framing, true, retryAfter));
    }

    private static ClientRequest request(String method, String version) throws RefusedHead {
        return Wire.accept(method + " / HTTP/" + version + "\r\nHost: a\r\n\r\n");
    }
}
