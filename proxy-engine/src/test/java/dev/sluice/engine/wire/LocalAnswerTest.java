package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.RouteDecision;
import dev.sluice.testkit.wire.RawClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of the proxy's own. */
class LocalAnswerTest {

    @Test
    void get_hasTheBodyAndItsLength() {
        try (var proxy = answering(RouteDecision.respond(LocalResponse.text(200, "hällo")));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                assertThat(reply.headers("Content-Length")).containsExactly("6");
                assertThat(reply.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
                assertThat(reply.text()).isEqualTo("h\u00c3\u00a4llo");
            }
        }
    }

    @Test
    void head_hasTheLengthAlone() {
        try (var proxy = answering(RouteDecision.respond(LocalResponse.text(200, "hello")));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.readReplyHead().headers("Content-Length")).containsExactly("5");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void statusWithoutBody_hasNone(int status) {
        try (var proxy = answering(RouteDecision.respond(LocalResponse.text(status, "hello")));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                var reply = client.readReply();
                assertThat(reply.status()).isEqualTo(status);
                assertThat(reply.header("Content-Length")).isNull();
            }
        }
    }

    @Test
    void requestWithItsWholeBodyHere_keepsTheConnection() {
        RouteDecision decision = RouteDecision.respond(LocalResponse.status(403));
        try (var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(request -> CompletableFuture.supplyAsync(() -> decision)));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
                var reply = client.readReply();
                assertThat(reply.status()).isEqualTo(403);
                assertThat(reply.header("Connection")).isNull();
            }
        }
    }

    @Test
    void requestWhoseBodyIsStillComing_isAnsweredThroughALingeringClose() {
        try (var proxy = answering(RouteDecision.respond(LocalResponse.text(403, "no")));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n")
                    .sendPattern(500_000);
            var reply = client.readReply();
            assertThat(reply.text()).isEqualTo("no");
            assertThat(reply.headers("Connection")).containsExactly("close");
            client.expectClosed();
        }
    }

    @Test
    void unready_tellsWhenToComeBack() {
        var page = RouteDecision.respond(LocalResponse.html(200, "<p>starting</p>"));
        try (var proxy = answering(new RouteDecision.Unready(Duration.ofMillis(2500), page));
                RawClient client = proxy.connect()) {
            var reply = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(reply.text()).isEqualTo("<p>starting</p>");
            assertThat(reply.headers("Retry-After")).containsExactly("3");
            assertThat(reply.headers("Cache-Control")).containsExactly("no-store");
        }
    }

    @Test
    void nobodyKnowsTheHost_returns404() {
        try (var proxy = answering(RouteDecision.notFound());
                RawClient client = proxy.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readReply()
                            .status())
                    .isEqualTo(404);
        }
    }

    private static TestProxy answering(RouteDecision decision) {
        return TestProxy.with(
                s -> s, builder -> builder.authenticator(TestProxy.ANYBODY).resolver(TestProxy.always(decision)));
    }
}
