package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.Network;
import dev.sluice.api.RouteDecision;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exchange's id is the proxy's: the same in logs, to the upstream and to the client; and a trace passes untouched. */
class RequestIdTest {

    private static final String TRACE = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
            + "tracestate: rojo=00f067aa0ba902b7,congo=t61rcWkgMzE\r\n";

    private final ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.respondWith(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Request-Id: of-the-upstream\r\nx_request_id: too\r\n\r\n"));

    private static RawReply get(TestProxy proxy, String fields) {
        try (RawClient client = proxy.connect()) {
            return client.send("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n")
                    .readReply();
        }
    }

    @Test
    void untrustedClient_cannotChooseTheId() {
        try (upstream;
                var proxy = TestProxy.to(upstream.upstream())) {
            RawReply reply = get(proxy, "X-Request-Id: mine\r\nX_Request.ID: mine\r\nConnection: x-request-id\r\n");
            String id = proxy.awaitEnded().request().id();
            assertThat(id).matches("[0-9a-z]+-[0-9a-z]+");
            assertThat(reply.headers("X-Request-Id")).containsExactly(id);
            assertThat(reply.headText()).doesNotContain("of-the-upstream", "x_request_id");
            assertThat(upstream.awaitRequest(1).headers("X-Request-Id")).containsExactly(id);
            assertThat(upstream.awaitRequest(1).headText()).doesNotContain("mine");
        }
    }

    @Test
    void trustedProxy_choosesTheId() {
        try (upstream;
                var proxy = TestProxy.to(
                        upstream.upstream(), s -> s.withTrustedProxies(List.of(Network.of("127.0.0.1"))))) {
            String theirs = "7F3A.b_c-" + "d".repeat(55);
            assertThat(get(proxy, "X-Request-Id: " + theirs + "\r\n").headers("X-Request-Id"))
                    .containsExactly(theirs);
            assertThat(proxy.awaitEnded().request().id()).isEqualTo(theirs);
            assertThat(upstream.awaitRequest(1).headers("X-Request-Id")).containsExactly(theirs);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "a\"b", "a%0a", "", "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"})
    void trustedProxysIdThatNoLogCanBear_isReplaced(String theirs) {
        try (upstream;
                var proxy = TestProxy.to(
                        upstream.upstream(), s -> s.withTrustedProxies(List.of(Network.of("127.0.0.1"))))) {
            RawReply reply = get(proxy, "X-Request-Id: " + theirs + "\r\n");
            assertThat(reply.headers("X-Request-Id"))
                    .containsExactly(proxy.awaitEnded().request().id())
                    .doesNotContain(theirs);
        }
    }

    @Test
    void answersOfTheProxyAndHandshakes_carryTheId() {
        try (var echo = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = TestProxy.to(echo.upstream());
                var socket = WebSocketClient.open(proxy.address(), "h", "/")) {
            assertThat(socket.handshake().headers("X-Request-Id")).hasSize(1);
        }
        try (var proxy = TestProxy.with(
                s -> s, b -> b.authenticator(TestProxy.ANYBODY).resolver(TestProxy.always(RouteDecision.notFound())))) {
            RawReply reply = get(proxy, "");
            String id = proxy.awaitEnded().request().id();
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.headers("X-Request-Id")).containsExactly(id);
            assertThat(reply.text()).contains(id);
        }
        upstream.close();
    }

    @Test
    void traceContext_passesByteForByte() {
        try (upstream;
                var proxy = TestProxy.to(upstream.upstream())) {
            get(proxy, TRACE);
            assertThat(upstream.awaitRequest(1).headText()).contains(TRACE);
        }
    }
}
