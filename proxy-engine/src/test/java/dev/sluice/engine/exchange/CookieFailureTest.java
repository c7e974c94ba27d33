package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.engine.exchange.FakeUpstream.State;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cookie mergers that misbehave. */
class CookieFailureTest {

    /** What a merger returns where it should return lines. */
    enum Defect {
        THROWS(() -> {
            throw new IllegalStateException("merger");
        }),
        NULL(() -> null),
        LIST_WITH_NULL(() -> Arrays.asList("a=b", null));

        private final Supplier<List<String>> lines;

        @SuppressWarnings("NullAway") // what a careless plugin returns
        Defect(Supplier<List<String>> lines) {
            this.lines = lines;
        }
    }

    private final Rig rig = new Rig();
    private final FakeClient client = rig.client;

    @ParameterizedTest
    @EnumSource
    void mergerFailsTowardsTheUpstream_returns500(Defect defect) {
        rig.merger(merger(defect.lines, () -> List.of())).start();
        assertThat(client.asked).containsExactly("respond 500", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.COOKIE_ERROR);
        assertThat(rig.connections.get(0).state).isEqualTo(State.DISCARDED);
        assertThat(rig.heard).containsExactly("outcome 0 COOKIE_ERROR");
    }

    @ParameterizedTest
    @EnumSource
    void mergerFailsTowardsTheClient_returns500WithoutCookies(Defect defect) {
        rig.merger(merger(() -> List.of(), defect.lines));
        rig.start().onReply(Rig.reply(200, "a=b"));
        assertThat(client.asked).containsExactly("send", "respond 500", "finished");
        assertThat(client.setCookieLines).isEmpty();
        assertThat(client.failureKind()).isEqualTo(Kind.COOKIE_ERROR);
        assertThat(rig.connections.get(0).state).isEqualTo(State.DISCARDED);
        assertThat(rig.heard).containsExactly("response 200", "outcome 200 COOKIE_ERROR");
    }

    @ParameterizedTest
    @EnumSource
    void mergerFailsOnALocalAnswer_returns500WithoutCookies(Defect defect) {
        rig.merger(merger(() -> List.of(), defect.lines))
                .routes(RouteDecision.respond(LocalResponse.text(200, "x")))
                .start();
        assertThat(client.asked).containsExactly("respond 500", "finished");
        assertThat(client.setCookieLines).isEmpty();
        assertThat(client.failureKind()).isEqualTo(Kind.COOKIE_ERROR);
    }

    @Test
    void lineThatCannotBeSentOnALocalAnswer_returns500WithoutCookies() {
        client.refusesHeads = true;
        rig.merger(merger(() -> List.of(), () -> List.of("a=\r\n")))
                .routes(RouteDecision.respond(LocalResponse.text(200, "x")))
                .start();
        assertThat(client.asked).containsExactly("respond 500", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.COOKIE_ERROR);
    }

    @Test
    void lineThatCannotBeSentOnAReply_returns500AndCommitsNothing() {
        client.refusesHeads = true;
        rig.merger(merger(() -> List.of(), () -> List.of("a=\r\n")));
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        assertThat(client.asked).containsExactly("send", "respond 500", "finished");
        assertThat(exchange.isCommitted()).isFalse();
    }

    private static CookieMerger merger(Supplier<List<String>> toUpstream, Supplier<List<String>> toClient) {
        return new CookieMerger() {
            @Override
            public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
                return toUpstream.get();
            }

            @Override
            public List<String> toClient(
                    ProxyRequest request, Trust trust, OwnCookies own, List<String> lines, List<SetCookie> proxy) {
                return toClient.get();
            }
        };
    }
}
