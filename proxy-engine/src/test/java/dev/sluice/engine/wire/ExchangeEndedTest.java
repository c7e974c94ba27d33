package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.When;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What observers are told about an exchange. */
class ExchangeEndedTest {

    private static TestProxy proxy(ScriptedUpstream upstream) {
        return TestProxy.with(
                s -> s,
                builder -> builder.authenticator(TestProxy.ANYBODY)
                        .resolver("unknowing", When.ALWAYS, TestProxy.always(RouteDecision.notFound()))
                        .resolver(
                                "pages",
                                request -> request.path().equals("/page"),
                                TestProxy.always(RouteDecision.respond(LocalResponse.text(200, "hello"))))
                        .resolver(
                                "apps",
                                request -> request.path().startsWith("/app"),
                                TestProxy.always(RouteDecision.forward(upstream.upstream()))));
    }

    @Test
    void forwarded_namesRouteUpstreamBytesAndPhases() {
        CountDownLatch release = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.stallUntil(release);
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
                });
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            client.send("POST /app HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n");
            upstream.awaitRequest(1);
            release.countDown();
            client.readReply();
            ExchangeEnded ended = proxy.awaitExchange();
            assertThat(ended.route()).isEqualTo("apps");
            assertThat(ended.upstream()).isEqualTo(upstream.upstream());
            assertThat(ended.fromClient()).isEqualTo(5);
            assertThat(ended.toClient()).isEqualTo(7);
            assertThat(ended.nanos().connect()).isPositive();
            assertThat(ended.nanos().firstByte()).isPositive();
            assertThat(ended.nanos().total())
                    .isGreaterThanOrEqualTo(ended.nanos().authenticate()
                            + ended.nanos().route()
                            + ended.nanos().connect()
                            + ended.nanos().firstByte());
        }
    }

    @Test
    void slowResolver_isCountedAsRouting() {
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(request -> new CompletableFuture<RouteDecision>()
                                        .completeOnTimeout(
                                                RouteDecision.forward(upstream.upstream()),
                                                30,
                                                TimeUnit.MILLISECONDS)));
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            assertThat(TimeUnit.NANOSECONDS.toMillis(
                            proxy.awaitExchange().nanos().route()))
                    .isGreaterThanOrEqualTo(29);
        }
    }

    @Test
    void answeredHere_hasARouteAndNoUpstream() {
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(upstream);
                RawClient client = proxy.connect()) {
            client.send("GET /page HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            ExchangeEnded page = proxy.awaitExchange();
            assertThat(page.route()).isEqualTo("pages");
            assertThat(page.upstream()).isNull();
            assertThat(page.toClient()).isEqualTo(5);
            assertThat(page.nanos().connect() + page.nanos().firstByte()).isZero();

            client.send("GET /elsewhere HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
            ExchangeEnded nowhere = proxy.awaitExchange();
            assertThat(nowhere.failure()).isNotNull().extracting("kind").isEqualTo(Kind.NO_ROUTE);
            assertThat(nowhere.route()).isNull();
        }
    }

    @Test
    void tunnel_countsItsBytesBothWays() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = proxy(upstream);
                var client = WebSocketClient.open(proxy.address(), "h", "/app")) {
            client.sendText("12345").read();
            client.close();
            ExchangeEnded ended = proxy.awaitExchange();
            assertThat(ended.status()).isEqualTo(101);
            assertThat(ended.route()).isEqualTo("apps");
            assertThat(ended.fromClient()).isEqualTo(2 + 4 + 5); // header, mask, payload
            assertThat(ended.toClient()).isEqualTo(2 + 5);
        }
    }
}
