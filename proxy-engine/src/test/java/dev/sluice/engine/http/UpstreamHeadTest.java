package dev.sluice.engine.http;

import static dev.sluice.engine.http.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HostPolicy;
import dev.sluice.api.Rewrite;
import dev.sluice.api.Upstream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Head in, head out, compared as a whole. */
class UpstreamHeadTest {

    private static final Upstream UPSTREAM = Upstream.of("http://app.internal:8888");
    private static final IdentityHeaders IDENTITY = IdentityHeaders.of(List.of("X-Px-User", "X-Px-Roles"));
    private static final String FORWARDED = "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Host: a.test\r\n"
            + "X-Forwarded-Proto: http\r\nForwarded: for=192.0.2.7;host=\"a.test\";proto=http\r\nVia: 1.1 sluice\r\n";

    @ParameterizedTest
    @MethodSource
    void head_isPassedOnLessWhatMustNotPass(String received, String expected) throws RefusedHead {
        assertThat(forward(received, Rewrite.NONE, HeaderEdits.NONE)).isEqualTo(expected);
    }

    private static Stream<Arguments> head_isPassedOnLessWhatMustNotPass() {
        return Stream.of(
                fields("", ""),
                fields("X: a\r\nE:\r\nx: \u00e9\r\nX: a", "X: a\r\nE: \r\nx: \u00e9\r\nX: a"),
                fields("User-Agent: u\r\nAccept-Encoding: br", "User-Agent: u\r\nAccept-Encoding: br"),
                fields("Authorization: Bearer t\r\nReferer: r", "Authorization: Bearer t\r\nReferer: r"),
                fields("X: folded\r\n  value", "X: folded value"),
                // Hop-by-hop, and what Connection names.
                fields(
                        "Connection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nx-hop: 1\r\nX_Hop: 1\r\nY: y\r\n"
                                + "Proxy-Connection: close\r\nProxy-Authorization: p\r\nProxy-Authenticate: p\r\n"
                                + "Trailer: T\r\nProxy: http://evil\r\nTE: gzip",
                        "Y: y"),
                // Identity, in every spelling, nominated or not; others that look like it pass.
                fields(
                        "X-Px-User: root\r\nX_Px_User: root\r\nx.px.user: root\r\nX-PX-USER: root\r\nx~px_roles: r\r\n"
                                + "X-Px-Users: u\r\nXPxUser: u",
                        "X-Px-Users: u\r\nXPxUser: u"),
                fields("Connection: close, X-Px-User, X-Other\r\nX-Px-User: root\r\nX-Other: x", ""),
                // Forwarding headers of a peer that nobody trusts.
                fields(
                        "Forwarded: for=6.6.6.6\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\n"
                                + "X-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nX-Forwarded-Prefix: /p\r\n"
                                + "X-Forwarded-Uri: /public/\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Server: s\r\n"
                                + "X-Forwarded-Client-Cert: c\r\nX-Forwarded-User: root\r\nX_Forwarded_For: 6.6.6.6\r\n"
                                + "X-Real-IP: 6.6.6.6\r\nTrue-Client-IP: 6.6.6.6\r\nX-Original-URL: /public/\r\n"
                                + "X-Rewrite-URL: /public/\r\nX-Client-IP: 6.6.6.6\r\nX-Cluster-Client-IP: 6.6.6.6\r\n"
                                + "CF-Connecting-IP: 6.6.6.6\r\nX-Original-Host: evil\r\nX-Original-URI: /x\r\n"
                                + "x.real.ip: 6.6.6.6\r\nX-Scheme: https\r\nA: a",
                        "A: a"),
                Arguments.of(
                        head("GET / HTTP/1.1", "Host: a.test", "Via: 1.0 fred", "A: a"),
                        "GET / HTTP/1.1\r\nHost: a.test\r\nVia: 1.0 fred\r\nA: a\r\n" + FORWARDED + "\r\n"),
                // Cookies come from the merger alone.
                fields("Cookie: a=1\r\ncookie: b=2\r\nA: a", "A: a"),
                // What the start line and Host may look like.
                Arguments.of(
                        head("get http://A.test/x?y HTTP/1.1", "A: a", "Host: a.test"),
                        "get /x?y HTTP/1.1\r\nHost: a.test\r\nA: a\r\n" + FORWARDED + "\r\n"),
                Arguments.of(
                        head("GET /a/../b HTTP/1.0", "Host: a.test", "Connection: keep-alive"),
                        "GET /a/../b HTTP/1.1\r\nHost: a.test\r\n" + FORWARDED.replace("1.1 s", "1.0 s") + "\r\n"),
                // Framing is the last field.
                post("Content-Length: 5\r\nA: a", "A: a", "Content-Length: 5"),
                post("Content-Length: 0", "", "Content-Length: 0"),
                post("Content-Length: 0012", "", "Content-Length: 12"),
                post("A: a\r\nTransfer-Encoding: Chunked", "A: a", "Transfer-Encoding: chunked"),
                post("Expect: 100-Continue\r\nContent-Length: 5", "", "Expect: 100-continue\r\nContent-Length: 5"),
                Arguments.of(
                        head("POST / HTTP/1.1", "Host: a.test", "Expect: 100-continue"),
                        "POST / HTTP/1.1\r\nHost: a.test\r\n" + FORWARDED + "\r\n"),
                // TE, of which one value survives.
                Arguments.of(
                        head("GET / HTTP/1.1", "Host: a.test", "TE: gzip, Trailers", "Connection: TE"),
                        "GET / HTTP/1.1\r\nHost: a.test\r\n" + FORWARDED + "TE: trailers\r\nConnection: TE\r\n\r\n"),
                // Upgrades: to WebSocket it is asked for again, others are left out.
                Arguments.of(
                        head(
                                "GET /ws HTTP/1.1",
                                "Host: a.test",
                                "Connection: keep-alive, Upgrade",
                                "Upgrade: WebSocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                "Sec-WebSocket-Protocol: chat",
                                "Origin: http://a.test"),
                        "GET /ws HTTP/1.1\r\nHost: a.test\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\n"
                                + "Origin: http://a.test\r\n" + FORWARDED
                                + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
                fields("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\nA: a", "A: a"),
                fields("Connection: Upgrade\r\nUpgrade: TLS/1.2", ""));
    }

    private static Arguments fields(String received, String passed) {
        return Arguments.of(
                "GET /x HTTP/1.1\r\nHost: a.test\r\n" + line(received) + "\r\n",
                "GET /x HTTP/1.1\r\nHost: a.test\r\n" + line(passed) + FORWARDED + "\r\n");
    }

    private static Arguments post(String received, String passed, String last) {
        return Arguments.of(
                "POST / HTTP/1.1\r\nHost: a.test\r\n" + line(received) + "\r\n",
                "POST / HTTP/1.1\r\nHost: a.test\r\n" + line(passed) + FORWARDED + line(last) + "\r\n");
    }

    private static String line(String fields) {
        return fields.isEmpty() ? "" : fields + "\r\n";
    }

    @ParameterizedTest
    @MethodSource
    void edits_areAppliedInOrderToAllSpellings(HeaderEdits auth, HeaderEdits route, String expected)
            throws RefusedHead {
        String head = forward(
                head("GET /x HTTP/1.1", "Host: a.test", "A: client", "B: b", "a: client"),
                Rewrite.NONE.withHeaders(route),
                auth);
        assertThat(head).isEqualTo("GET /x HTTP/1.1\r\nHost: a.test\r\n" + expected + FORWARDED + "\r\n");
    }

    private static Stream<Arguments> edits_areAppliedInOrderToAllSpellings() {
        HeaderEdits none = HeaderEdits.NONE;
        HeaderEdits put = HeaderEdits.builder().put("A", "1").build();
        HeaderEdits add = HeaderEdits.builder().add("A", "2").build();
        HeaderEdits remove = HeaderEdits.builder().remove("a").build();
        return Stream.of(
                Arguments.of(put, none, "B: b\r\nA: 1\r\n"),
                Arguments.of(none, put, "B: b\r\nA: 1\r\n"),
                Arguments.of(none, remove, "B: b\r\n"),
                Arguments.of(none, add, "A: client\r\nB: b\r\na: client\r\nA: 2\r\n"),
                Arguments.of(put, add, "B: b\r\nA: 1\r\nA: 2\r\n"),
                Arguments.of(add, put, "B: b\r\nA: 1\r\n"),
                Arguments.of(put, remove, "B: b\r\n"),
                Arguments.of(remove, add, "B: b\r\nA: 2\r\n"),
                Arguments.of(put.then(remove).then(add), none, "B: b\r\nA: 2\r\n"),
                Arguments.of(
                        HeaderEdits.builder().put("X-Px-User", "alice").build(),
                        none,
                        "A: client\r\nB: b\r\na: client\r\nX-Px-User: alice\r\n"));
    }

    @Test
    void putOfAnUndeclaredName_replacesItsAliasesToo() throws RefusedHead {
        String head = forward(
                head("GET / HTTP/1.1", "Host: a.test", "X_Tenant: evil", "x.tenant: evil"),
                Rewrite.NONE,
                HeaderEdits.builder().put("X-Tenant", "good").build());
        assertThat(head).contains("X-Tenant: good\r\n").doesNotContain("evil");
    }

    @Test
    void identityHeader_isDeliveredThoughConnectionNamesIt() throws RefusedHead {
        String head = forward(
                head("GET / HTTP/1.1", "Host: a.test", "X_Px_User: root", "Connection: close, X-Px-User"),
                Rewrite.NONE,
                HeaderEdits.builder().put("X-Px-User", "alice").build());
        assertThat(head).isEqualTo("GET / HTTP/1.1\r\nHost: a.test\r\nX-Px-User: alice\r\n" + FORWARDED + "\r\n");
    }

    @Test
    void editOfAForwardingHeader_takesItOver() throws RefusedHead {
        String head = forward(
                head("GET / HTTP/1.1", "Host: a.test"),
                Rewrite.NONE.withHeaders(HeaderEdits.builder()
                        .put("X-Forwarded-Host", "other.test")
                        .remove("Forwarded")
                        .remove("X-Forwarded-For")
                        .put("X-Forwarded-Proto", "https")
                        .build()),
                HeaderEdits.NONE);
        assertThat(head)
                .isEqualTo(head(
                        "GET / HTTP/1.1",
                        "Host: a.test",
                        "X-Forwarded-Host: other.test",
                        "X-Forwarded-Proto: https",
                        "Via: 1.1 sluice"));
    }

    @ParameterizedTest
    @MethodSource
    void host_followsThePolicy(HostPolicy policy, Upstream upstream, String host) throws RefusedHead {
        String head = Wire.written(out -> UpstreamHead.write(
                out,
                accepted("GET / HTTP/1.1\r\nHost: A.test:80\r\n\r\n"),
                Rewrite.NONE.withHost(policy),
                upstream,
                HeaderEdits.NONE,
                List.of(),
                IDENTITY,
                Wire.TRUSTS_NOBODY));
        assertThat(head).startsWith("GET / HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-For:");
        assertThat(head).contains("X-Forwarded-Host: A.test:80\r\n");
    }

    private static Stream<Arguments> host_followsThePolicy() {
        return Stream.of(
                Arguments.of(HostPolicy.PRESERVE, UPSTREAM, "A.test:80"),
                Arguments.of(HostPolicy.TARGET, UPSTREAM, "app.internal:8888"),
                Arguments.of(HostPolicy.TARGET, Upstream.of("https://[::1]:443/"), "[::1]"),
                Arguments.of(new HostPolicy.Fixed("fixed.test:1"), UPSTREAM, "fixed.test:1"));
    }

    @Test
    void page_isAGetWithoutBodyFramingOrExpectation() throws RefusedHead {
        String head = forward(
                head("POST /x?y HTTP/1.1", "Host: a.test", "Content-Length: 5", "Expect: 100-continue"),
                Rewrite.NONE.asPage("/loading"),
                HeaderEdits.NONE);
        assertThat(head).isEqualTo("GET /loading HTTP/1.1\r\nHost: a.test\r\n" + FORWARDED + "\r\n");
    }

    @Test
    void cookieLines_areJoinedToOneFieldBehindTheClientsFields() {
        assertThat(withCookies(List.of("a=1; b=\u00e9", "", "c=\"3\"")))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a.test\r\nA: a\r\nCookie: a=1; b=\u00e9; c=\"3\"\r\n" + FORWARDED
                        + "\r\n");
        assertThat(withCookies(List.of(""))).doesNotContain("Cookie");
    }

    @Test
    void cookieLineThatWouldEndTheField_isRefusedUnquoted() {
        for (String bad : List.of("a=secret\r\nX: y", "a=secret\n", "a=secret\u0000", "a=secret\u0100")) {
            assertThatThrownBy(() -> withCookies(List.of(bad)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    private static String withCookies(List<String> lines) {
        return Wire.written(out -> UpstreamHead.write(
                out,
                accepted("GET / HTTP/1.1\r\nHost: a.test\r\nCookie: x=y\r\nA: a\r\n\r\n"),
                Rewrite.NONE,
                UPSTREAM,
                HeaderEdits.NONE,
                lines,
                IDENTITY,
                Wire.TRUSTS_NOBODY));
    }

    private static String forward(String received, Rewrite rewrite, HeaderEdits auth) throws RefusedHead {
        ClientRequest request = Wire.accept(received);
        return Wire.written(out ->
                UpstreamHead.write(out, request, rewrite, UPSTREAM, auth, List.of(), IDENTITY, Wire.TRUSTS_NOBODY));
    }

    private static ClientRequest accepted(String raw) {
        try {
            return Wire.accept(raw);
        } catch (RefusedHead e) {
            throw new AssertionError(e);
        }
    }
}
