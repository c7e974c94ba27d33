package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import org.junit.jupiter.api.Test;

/** Invariant 5: every exchange ends exactly once, with one outcome; the state machine's part is ExchangeInterleavingTest. */
class OutcomeTest {

    @Test
    void mixedFates_endOnceEach() {
        var outcomes = new Outcomes();
        try (var upstream = ScriptedUpstream.start(c -> {
                    while (true) {
                        var request = c.readRequest();
                        switch (request.target()) {
                            case "/ok" -> c.send(Scripts.text("ok"));
                            case "/cut" -> {
                                c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                                return;
                            }
                            case "/reset" -> c.reset();
                            default -> c.awaitEnd();
                        }
                    }
                });
                var proxy = TestProxy.with(
                        Bounds.responseHead(150),
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream())
                                        .withListener(outcomes))))) {
            String[] fates = {"/ok 200 null", "/cut 200 UPSTREAM_CLOSED", "/silent 504 RESPONSE_TIMEOUT"};
            for (int round = 0; round < 3; round++) {
                for (String fate : fates) {
                    String[] words = fate.split(" ");
                    try (RawClient client = proxy.connect()) {
                        client.send("POST " + words[0] + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
                        client.readReplyHead();
                        var ended = proxy.awaitEnded();
                        assertThat(ended.status() + " " + ended.failure()).isEqualTo(words[1] + " " + words[2]);
                    }
                }
            }
            assertThat(outcomes.heard().stream().filter(heard -> heard.startsWith("outcome")))
                    .hasSize(9);
        }
        // The proxy is closed and has ended all of its connections: nothing can end behind that.
    }

    @Test
    void serverClosesDuringAnExchange_endsItOnce() {
        var outcomes = new Outcomes();
        try (var upstream = ScriptedUpstream.start(c -> {
            c.readRequest();
            c.awaitEnd();
        })) {
            var proxy = TestProxy.with(
                    s -> s,
                    builder -> builder.authenticator(TestProxy.ANYBODY)
                            .resolver(TestProxy.always(
                                    RouteDecision.forward(upstream.upstream()).withListener(outcomes))));
            try (RawClient client = proxy.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                upstream.awaitRequest(1);
                proxy.close();
                assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.SHUTDOWN);
                assertThat(proxy.nothingElseEnded()).isTrue();
                assertThat(outcomes.heard()).containsExactly("outcome 0 SHUTDOWN");
            }
        }
    }
}
