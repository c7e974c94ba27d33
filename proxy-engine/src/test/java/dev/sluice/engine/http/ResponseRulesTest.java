package dev.sluice.engine.http;

import static dev.sluice.engine.http.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream may answer. */
class ResponseRulesTest {

    private static final String PLAIN = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HANDSHAKE = head(
            "GET / HTTP/1.1",
            "Host: a",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    @ParameterizedTest
    @CsvSource({
        "GET, 200, Content-Length: 5, length 5",
        "GET, 200, Content-Length: 0, length 0",
        "GET, 200, Transfer-Encoding: CHUNKED, chunked",
        "GET, 200, X: x, until close",
        "GET, 205, Content-Length: 5, length 5",
        "GET, 999, Content-Length: 5, length 5",
        "POST, 404, X: x, until close",
        "HEAD, 200, Content-Length: 5, none",
        "HEAD, 200, X: x, none",
        "HEAD, 200, Transfer-Encoding: chunked, none",
        "GET, 204, X: x, none",
        "GET, 204, Content-Length: 5, none",
        "GET, 304, Content-Length: 5, none",
        "GET, 100, X: x, none",
        "GET, 103, Link: l, none"
    })
    void framing_isWhatTheUpstreamSends(String method, int status, String field, String framing) throws RefusedHead {
        assertThat(ResponseRules.accept(
                        Wire.response(head("HTTP/1.1 " + status + " R", field)), Wire.accept(PLAIN), method))
                .hasToString(framing);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nnocolon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\n\r\n",
                "HTTP/1.1 200 OK\nX: a\n\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 099 R\r\n\r\n",
                "HTTP/1.1 0 R\r\n\r\n",
                "HTTP/1.1 -1 R\r\n\r\n",
                "HTTP/1.1 2000 R\r\n\r\n",
                "HTTP/1.1 abc R\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + ACCEPT + "\r\n\r\n",
                "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
            })
    void responseThatCannotBeRelayed_isA502(String raw) {
        RefusedHead refused = catchThrowableOfType(
                RefusedHead.class, () -> ResponseRules.accept(Wire.response(raw), Wire.accept(PLAIN), "GET"));
        assertThat(refused).isNotNull();
        assertThat(refused.status()).isEqualTo(502);
    }

    @Test
    void agreedUpgrade_hasNoBody() throws RefusedHead {
        assertThat(UpgradeRules.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        String raw = head("HTTP/1.1 101 S", "Connection: keep-alive, UPGRADE", "Upgrade: WebSocket", ACCEPT);
        assertThat(ResponseRules.accept(Wire.response(raw), Wire.accept(HANDSHAKE), "GET"))
                .isEqualTo(Framing.NONE);
    }

    @ParameterizedTest
    @MethodSource
    void wrongAnswerToAHandshake_isA502(String... fields) {
        RefusedHead refused = catchThrowableOfType(
                RefusedHead.class,
                () -> ResponseRules.accept(
                        Wire.response("HTTP/1.1 101 S\r\n" + String.join("\r\n", fields) + "\r\n\r\n"),
                        Wire.accept(HANDSHAKE),
                        "GET"));
        assertThat(refused).isNotNull();
        assertThat(refused.status()).isEqualTo(502);
    }

    private static Stream<Arguments> wrongAnswerToAHandshake_isA502() {
        String connection = "Connection: Upgrade";
        String upgrade = "Upgrade: websocket";
        return Stream.of(
                answer(connection, upgrade),
                answer(connection, upgrade, "Sec-WebSocket-Accept: wrong"),
                answer(connection, upgrade, ACCEPT, ACCEPT),
                answer(connection, ACCEPT),
                answer(connection, "Upgrade: h2c", ACCEPT),
                answer(connection, "Upgrade: websocket, h2c", ACCEPT),
                answer(connection, upgrade, upgrade, ACCEPT),
                answer("Connection: close", upgrade, ACCEPT),
                answer(upgrade, ACCEPT));
    }

    private static Arguments answer(String... fields) {
        return Arguments.of((Object) fields);
    }

    @Test
    void refusedUpgrade_isAResponseLikeAnyOther() throws RefusedHead {
        assertThat(ResponseRules.accept(
                        Wire.response(head("HTTP/1.1 403 Forbidden", "Content-Length: 3")),
                        Wire.accept(HANDSHAKE),
                        "GET"))
                .isEqualTo(Framing.length(3));
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, X: x, true",
        "1.1, Connection: Close, false",
        "1.1, 'Connection: x, close', false",
        "1.0, X: x, false",
        "1.0, Connection: keep-alive, true",
        "1.0, Proxy-Connection: keep-alive, false"
    })
    void upstreamConnection_isReusedByRfc9112(String version, String field, boolean reusable) {
        assertThat(ResponseRules.upstreamReusable(Wire.response(head("HTTP/" + version + " 200 OK", field))))
                .isEqualTo(reusable);
    }
}
