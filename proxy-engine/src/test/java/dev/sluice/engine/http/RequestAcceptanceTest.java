package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.Identity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an accepted request says about itself. */
class RequestAcceptanceTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//.px/x",
                "/public/../admin",
                "/public/./../admin",
                "/public/..%2fadmin",
                "/%2e%2e/%5c..%252e",
                "/public/..;/admin",
                "/admin;.css",
                "/....//admin",
                "/%41dmin",
                "/a%2Fb%3b%3f%23",
                "/a\\..\\b",
                "/a?q=100%&r=%00&s=[{|}]\"<>^`",
                "/.px/callback/../admin",
                "/?",
                "/a??b"
            })
    void target_isNeitherDecodedNorNormalized(String target) throws RefusedHead {
        ClientRequest request = Wire.accept("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(request.target()).isEqualTo(target);
        assertThat(request.path()).isEqualTo(target.replaceFirst("\\?.*", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, http://a.test/x?y, /x?y",
        "GET, HTTPS://A.test/x, /x",
        "GET, http://a.test, /",
        "GET, http://a.test?y, /?y",
        "GET, http://a.test/http://b/, /http://b/",
        "OPTIONS, http://a.test, *",
        "OPTIONS, http://a.test/, /",
        "OPTIONS, *, *",
        "PROPFIND, /x, /x",
        "get, /x, /x"
    })
    void targetOfAnyForm_becomesOriginForm(String method, String sent, String target) throws RefusedHead {
        ClientRequest request = Wire.accept(method + " " + sent + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
        assertThat(request.method()).isEqualTo(method);
        assertThat(request.target()).isEqualTo(target);
        assertThat(request.authority()).isEqualTo("a.test");
    }

    @ParameterizedTest
    @CsvSource({
        "app.p.test, app.p.test",
        "APP.P.TEST, app.p.test",
        "app.p.test., app.p.test",
        "app.p.test:443, app.p.test",
        "App.p.test.:8080, app.p.test",
        "under_score~x-1, under_score~x-1",
        "192.0.2.1:80, 192.0.2.1",
        "[2001:DB8::1], [2001:db8::1]",
        "[::1]:8443, [::1]",
        "[::ffff:192.0.2.1], [::ffff:192.0.2.1]"
    })
    void host_isCanonicalAndAuthorityAsSent(String sent, String host) throws RefusedHead {
        ClientRequest request = Wire.accept("GET / HTTP/1.1\r\nHost: " + sent + "\r\n\r\n");
        assertThat(request.host()).isEqualTo(host);
        assertThat(request.authority()).isEqualTo(sent);
    }

    @Test
    void http10WithoutHost_takesItFromAbsoluteForm() throws RefusedHead {
        ClientRequest request = Wire.accept("GET http://a.test/x HTTP/1.0\r\n\r\n");
        assertThat(request.authority()).isEqualTo("a.test");
        assertThat(request.target()).isEqualTo("/x");
        assertThat(request.http10()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, X: x, true",
        "1.1, Connection: close, false",
        "1.1, 'Connection: foo, CLOSE', false",
        "1.1, Connection: keep-alive, true",
        "1.0, X: x, false",
        "1.0, Connection: Keep-Alive, true",
        "1.0, 'Connection: keep-alive, close', false",
        "1.1, Proxy-Connection: close, true"
    })
    void persistence_followsRfc9112(String version, String field, boolean keepAlive) throws RefusedHead {
        assertThat(Wire.accept("GET / HTTP/" + version + "\r\nHost: a\r\n" + field + "\r\n\r\n")
                        .keepAlive())
                .isEqualTo(keepAlive);
    }

    @ParameterizedTest
    @CsvSource({
        "X: x, none",
        "Content-Length: 0, length 0",
        "Content-Length: 007, length 7",
        "Content-Length: 123456789012345678, length 123456789012345678",
        "Transfer-Encoding: Chunked, chunked"
    })
    void framing_isReadFromTheOneField(String field, String framing) throws RefusedHead {
        assertThat(Wire.accept("POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n")
                        .framing())
                .hasToString(framing);
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, Content-Length: 3, true",
        "1.1, Transfer-Encoding: chunked, true",
        "1.1, Content-Length: 0, false",
        "1.1, X: x, false",
        "1.0, Content-Length: 3, false"
    })
    void expectation_countsOnlyWithABodyAndFromHttp11(String version, String field, boolean expects)
            throws RefusedHead {
        assertThat(Wire.accept("POST / HTTP/" + version + "\r\nHost: a\r\nExpect: 100-Continue\r\n" + field
                                + "\r\n\r\n")
                        .expectsContinue())
                .isEqualTo(expects);
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, Upgrade, websocket, true",
        "1.1, 'keep-alive, Upgrade', WebSocket, true",
        "1.1, 'keep-alive,upgrade', 'h2c, websocket', true",
        "1.1, keep-alive, websocket, false",
        "1.1, Upgrade, h2c, false",
        "1.1, Upgrade, websockets, false",
        "1.1, Upgrades, websocket, false",
        "1.0, Upgrade, websocket, false"
    })
    void webSocket_needsBothTokens(String version, String connection, String upgrade, boolean expected)
            throws RefusedHead {
        ClientRequest request = Wire.accept(Wire.head(
                "GET / HTTP/" + version,
                "Host: a",
                "Connection: " + connection,
                "Upgrade: " + upgrade,
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        assertThat(request.webSocket()).isEqualTo(expected);
    }

    @Test
    void toleratedSeparators_leaveTheSameRequest() throws RefusedHead {
        ClientRequest request = Wire.accept("\r\n GET\t/a \u000b\r HTTP/1.1\r\nHost:a \r\nX: a\r\n b\r\n\r\n");
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/a");
        assertThat(request.headers().get("x")).isEqualTo("a b");
    }

    @Test
    void headers_showEveryLineInOrder() throws RefusedHead {
        ClientRequest request =
                Wire.accept("GET / HTTP/1.1\r\nHost: a\r\nX-Role: user\r\nB: \u00e9\r\nx-role: admin\r\nE:\r\n\r\n");
        List<String> seen = new ArrayList<>();
        request.headers().forEach((name, value) -> seen.add(name + "=" + value));
        assertThat(seen).containsExactly("Host=a", "X-Role=user", "B=\u00e9", "x-role=admin", "E=");
        assertThat(request.headers().all("X-ROLE")).containsExactly("user", "admin");
        assertThat(request.headers().contains("b")).isTrue();
        assertThat(request.headers().get("c")).isNull();
    }

    @Test
    void identity_isKnownOnceVouchedFor() throws RefusedHead {
        ClientRequest request = Wire.accept("GET /?token=secret HTTP/1.1\r\nHost: a\r\nCookie: c=secret\r\n\r\n");
        ClientRequest vouched = request.withIdentity(Identity.of("alice"));
        assertThat(request.identity()).isEmpty();
        assertThat(vouched.identity().map(Identity::userId)).contains("alice");
        assertThat(vouched.id()).isEqualTo(request.id()).matches("[0-9a-z]+-1");
        assertThat(vouched.toString()).contains("GET", " a", request.id()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "PUT, true", "DELETE, true", "POST, false", "PATCH, false", "get, false"})
    void idempotence_followsRfc9110(String method, boolean idempotent) throws RefusedHead {
        assertThat(Wire.accept(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").isIdempotent())
                .isEqualTo(idempotent);
    }
}
