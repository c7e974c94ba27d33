package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A route with several upstreams: who stands in when one cannot be connected to, and for how long. */
class SeveralUpstreamsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final Outcomes ofTheFirst = new Outcomes();

    @Test
    void firstRefuses_nextAnswersAndNobodyHasFailed() {
        try (var refused = Ports.refused();
                var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = to(s -> s, Upstream.of(refused.url()), upstream.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
            assertThat(proxy.awaitEnded().failure()).isNull();
            assertThat(ofTheFirst.heard()).containsExactly("outcome 0 CONNECT_FAILED");
        }
    }

    @Test
    void bodyThatWasNotSentYet_goesToTheNextWhole() {
        try (var refused = Ports.refused();
                var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = to(s -> s, Upstream.of(refused.url()), upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n")
                    .sendPattern(1_000_000);
            assertThat(client.readReply().text()).startsWith("1000000 ");
        }
    }

    @Test
    void requestThatWasSent_isNotSentToAnother() {
        try (var first = ScriptedUpstream.start(Scripts.resetAfterRequest());
                var second = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = to(s -> s, first.upstream(), second.upstream());
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            assertThat(second.connections()).isEmpty();
        }
    }

    @Test
    void allRefuse_returns502() {
        try (var one = Ports.refused();
                var two = Ports.refused();
                var proxy = to(s -> s, Upstream.of(one.url()), Upstream.of(two.url()));
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.send(GET).readReply().status()).isEqualTo(502);
            }
        }
    }

    @Test
    void upstreamThatKeepsRefusing_isLeftOut() {
        try (var refused = Ports.refused();
                var upstream = ScriptedUpstream.respondWith(Scripts.text("second"));
                var proxy = to(
                        Bounds.both(Bounds.limit("connectFailures", 2), Bounds.time("ejection", 60_000)),
                        Upstream.of(refused.url()),
                        upstream.upstream());
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.send(GET).readReply().text()).isEqualTo("second");
            }
            assertThat(ofTheFirst.heard()).as("attempts").hasSize(2);
        }
    }

    @Test
    void upstreamThatWasLeftOut_isTriedAgain() {
        try (var refused = Ports.refused();
                var upstream = ScriptedUpstream.respondWith(Scripts.text("second"));
                var proxy = to(
                        Bounds.both(Bounds.limit("connectFailures", 1), Bounds.time("ejection", 50)),
                        Upstream.of(refused.url()),
                        upstream.upstream());
                RawClient client = proxy.connect()) {
            await().until(() -> {
                assertThat(client.send(GET).readReply().text()).isEqualTo("second");
                return ofTheFirst.heard().size() == 3;
            });
        }
    }

    private TestProxy to(UnaryOperator<ProxySettings> settings, Upstream first, Upstream second) {
        List<Forward> candidates =
                List.of(RouteDecision.forward(first).withListener(ofTheFirst), RouteDecision.forward(second));
        return TestProxy.with(
                settings,
                b -> b.authenticator(TestProxy.ANYBODY).resolver(TestProxy.always(RouteDecision.oneOf(candidates))));
    }
}
