package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads that must not pass, as bytes, each with the status that the client gets. */
class RequestRefusalTest {

    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource({"hosts", "targets", "startLines", "framing", "fields", "sizes", "upgrades", "nominations"})
    void ambiguousHead_isRefused(String raw, int status) {
        RefusedHead refused = catchThrowableOfType(RefusedHead.class, () -> Wire.accept(raw));
        assertThat(refused).isNotNull();
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.getMessage()).isNotBlank();
        assertThat(refused.response().status()).isEqualTo(status);
    }

    private static Stream<Arguments> hosts() {
        return Stream.concat(
                Stream.of(
                        Arguments.of("GET / HTTP/1.1\r\n\r\n", 400),
                        Arguments.of("GET / HTTP/1.0\r\n\r\n", 400),
                        Arguments.of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
                        Arguments.of("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400),
                        Arguments.of("GET http://a/ HTTP/1.1\r\n\r\n", 400),
                        Arguments.of("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400),
                        Arguments.of("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                        Arguments.of("GET http://u@a/ HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
                        Arguments.of("GET http:/// HTTP/1.0\r\n\r\n", 400)),
                Stream.of(
                                "",
                                "a, b",
                                "a b/c@d",
                                "a/b",
                                "a?b",
                                "u@a",
                                "a:",
                                "a:0",
                                "a:65536",
                                "a:+1",
                                "a:80:80",
                                ":80",
                                ".",
                                ".a",
                                "a..b",
                                "a%2eb",
                                "a_b!",
                                "\u00e9.test",
                                "[::1",
                                "[]",
                                "[::1]x",
                                "[::1%25eth0]",
                                "[::1%eth0]",
                                "[127.0.0.1]",
                                "[[::1]]",
                                "::1",
                                "x".repeat(256))
                        .map(host -> Arguments.of("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400)));
    }

    private static Stream<Arguments> targets() {
        return Stream.of(
                        "admin",
                        "public/../admin",
                        "*",
                        "?q",
                        "/#/../admin",
                        "/admin#/public/",
                        "/a?b#c",
                        "/\u00e9",
                        "/a\u007f",
                        "/\u0001",
                        "/a%00b",
                        "/a%",
                        "/a%2",
                        "/a%zz",
                        "/a%u0041",
                        "a.test:443",
                        "ftp://a.test/",
                        "mailto:x@a.test",
                        "http:a.test/",
                        "https:/a.test/")
                .map(target -> Arguments.of("GET " + target + " HTTP/1.1\r\nHost: a.test\r\n\r\n", 400));
    }

    private static Stream<Arguments> startLines() {
        String rest = "\r\nHost: a.test\r\n\r\n";
        return Stream.of(
                Arguments.of("CONNECT a.test:443 HTTP/1.1" + rest, 501),
                Arguments.of("CONNECT / HTTP/1.1" + rest, 501),
                Arguments.of("TRACE / HTTP/1.1" + rest, 501),
                Arguments.of("OPTIONS ** HTTP/1.1" + rest, 400),
                Arguments.of("G(T / HTTP/1.1" + rest, 400),
                Arguments.of("G\u00c9T / HTTP/1.1" + rest, 400),
                Arguments.of("GET / HTTP/1.2" + rest, 505),
                Arguments.of("GET / HTTP/2.0" + rest, 505),
                Arguments.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                Arguments.of("GET / http/1.1" + rest, 505),
                Arguments.of("GET / HTTP/1.10" + rest, 400),
                Arguments.of("GET / HTTP/11" + rest, 400),
                Arguments.of("GET / XTTP/1.1" + rest, 400),
                Arguments.of("GET /" + rest, 400),
                Arguments.of("GET /a b HTTP/1.1" + rest, 400),
                Arguments.of("GET / HTTP/1.1 " + rest, 400),
                Arguments.of("GET /\u0000 HTTP/1.1" + rest, 400),
                Arguments.of("GET / HTTP/1.1\nHost: a.test\n\n", 400));
    }

    private static Stream<Arguments> framing() {
        return Stream.of(
                        Arguments.of("Transfer-Encoding : chunked", 400),
                        Arguments.of("Transfer-Encoding: chunked\r\nContent-Length: 3", 400),
                        Arguments.of("Content-Length: 3\r\nTransfer-Encoding: chunked", 400),
                        Arguments.of("Transfer-Encoding: chunked, something", 400),
                        Arguments.of("Transfer-Encoding: chunked, xchunked", 400),
                        Arguments.of("Transfer-Encoding: chunked,\r\n xchunked", 400),
                        Arguments.of("Transfer-Encoding: xchunked", 400),
                        Arguments.of("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
                        Arguments.of("Transfer-Encoding: chunked, chunked", 400),
                        Arguments.of("Transfer-Encoding: gzip, chunked", 501),
                        Arguments.of("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501),
                        Arguments.of("Transfer-Encoding: identity, chunked", 501),
                        Arguments.of("Transfer-Encoding: , chunked", 501),
                        Arguments.of("Transfer-Encoding:", 400),
                        Arguments.of("Transfer-Encoding: identity", 400),
                        Arguments.of("Transfer-Encoding: \"chunked\"", 400),
                        Arguments.of("Transfer_Encoding: chunked", 400),
                        Arguments.of("Transfer.Encoding: chunked", 400),
                        Arguments.of("Content_Length: 3", 400),
                        Arguments.of("content.length: 3", 400),
                        Arguments.of("Content-Length: 3\r\nContent_Length: 3", 400),
                        Arguments.of("Content-Length: 3\r\nContent-Length: 4", 400),
                        Arguments.of("Content-Length: 3\r\nContent-Length: 3", 400),
                        Arguments.of("Content-Length:", 400),
                        Arguments.of("Content-Length: +5", 400),
                        Arguments.of("Content-Length: -5", 400),
                        Arguments.of("Content-Length: 0x5", 400),
                        Arguments.of("Content-Length: 5,5", 400),
                        Arguments.of("Content-Length: 5 6", 400),
                        Arguments.of("Content-Length: 5;", 400),
                        Arguments.of("Content-Length: 12345678901234567890", 400),
                        Arguments.of("Content-Length: 9223372036854775808", 400),
                        Arguments.of("Content-Length: \u0663", 400),
                        Arguments.of("Sec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b", 400))
                .map(of -> post((String) of.get()[0], (int) of.get()[1]));
    }

    private static Stream<Arguments> fields() {
        return Stream.concat(
                Stream.of(
                        post("no colon", 400),
                        post(": x", 400),
                        post(" Leading: x", 400),
                        post("X Y: x", 400),
                        post("X-Px-User : x", 400),
                        post("X\u00e9: x", 400),
                        post("X(: x", 400),
                        post("Expect: something", 417),
                        post("Expect: 100-continue, 200-ok", 417),
                        post("Expect:", 417),
                        Arguments.of("GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400)),
                // Every control character, in the middle of a name and of a value; the tab may stand in a value.
                IntStream.rangeClosed(0, 0x7f)
                        .filter(c -> c < ' ' || c == 0x7f)
                        .boxed()
                        .flatMap(c -> c == '\t'
                                ? Stream.of(post("X" + (char) c.intValue() + "Y: x", 400))
                                : Stream.of(
                                        post("X" + (char) c.intValue() + "Y: x", 400),
                                        post("X: a" + (char) c.intValue() + "b", 400))));
    }

    private static Stream<Arguments> sizes() {
        return Stream.of(
                Arguments.of("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
                post("X: " + "x".repeat(33000), 431),
                post("X: x\r\n".repeat(128) + "Y: y", 431),
                post("Cookie: " + "c".repeat(16000) + "\r\nCookie: " + "c".repeat(17000), 431));
    }

    private static Stream<Arguments> upgrades() {
        String upgrade = "Connection: Upgrade\r\nUpgrade: websocket";
        String version = "Sec-WebSocket-Version: 13";
        return Stream.of(
                get(upgrade, 400),
                get(upgrade + "\r\n" + version, 400),
                get(upgrade + "\r\n" + KEY, 400),
                get(upgrade + "\r\n" + KEY + "\r\nSec-WebSocket-Version: 8", 426),
                get(upgrade + "\r\n" + KEY + "\r\nSec-WebSocket-Version: 13, 8", 426),
                get(upgrade + "\r\n" + KEY + "\r\n" + version + "\r\n" + version, 400),
                get(upgrade + "\r\n" + KEY + "\r\n" + KEY + "\r\n" + version, 400),
                get(upgrade + "\r\n" + version + "\r\nSec-WebSocket-Key: short==", 400),
                get(upgrade + "\r\n" + version + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=A", 400),
                get(upgrade + "\r\n" + version + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25*ZQ==", 400),
                get(upgrade + "\r\n" + version + "\r\n" + KEY + "\r\nContent-Length: 3", 400),
                get(upgrade + "\r\n" + version + "\r\n" + KEY + "\r\nTransfer-Encoding: chunked", 400),
                post(upgrade + "\r\n" + version + "\r\n" + KEY, 400));
    }

    private static Stream<Arguments> nominations() {
        return Stream.of(
                        "Host",
                        "Content-Length",
                        "content_length",
                        "Transfer-Encoding",
                        "Cookie",
                        "Set-Cookie",
                        "Authorization",
                        "Expect",
                        "Via",
                        "Forwarded",
                        "X-Forwarded-For",
                        "X_Forwarded_For",
                        "X-Forwarded-Anything",
                        "X-Real-IP")
                .map(name -> get("Connection: close, " + name, 400));
    }

    private static Arguments get(String fields, int status) {
        return Arguments.of("GET / HTTP/1.1\r\nHost: a.test\r\n" + fields + "\r\n\r\n", status);
    }

    private static Arguments post(String fields, int status) {
        return Arguments.of("POST / HTTP/1.1\r\nHost: a.test\r\n" + fields + "\r\n\r\n", status);
    }
}
