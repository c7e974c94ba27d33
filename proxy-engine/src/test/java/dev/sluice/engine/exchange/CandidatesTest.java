package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidatesTest {

    private final Upstreams upstreams = new Upstreams(ProxySettings.defaults());

    /** Of each: {@code -} is out, a number has so much to do. */
    @ParameterizedTest
    @CsvSource({
        "0 0 0, abc",
        "9 0 0, abc",
        "- 2 1, cba",
        "- 1 1, bca",
        "- - 5, cab",
        "- - -, abc",
        "0 - 0, acb",
        "0 - -, abc",
    })
    void order_isTheResolversAsFarAsUpstreamsCanBeConnectedTo(String states, String order) {
        String[] each = states.split(" ");
        List<Forward> forwards = new ArrayList<>();
        for (int i = 0; i < each.length; i++) {
            Upstream upstream = Upstream.of("http://" + "abc".charAt(i));
            forwards.add(RouteDecision.forward(upstream));
            KnownUpstream known = upstreams.of(upstream);
            if (each[i].equals("-")) {
                fail(known);
            } else {
                for (int n = 0; n < Integer.parseInt(each[i]); n++) {
                    known.places().tryEnter();
                }
            }
        }
        assertThat(inTurn(forwards)).isEqualTo(order);
    }

    @Test
    void threeAreTried_andNoMore() {
        List<Forward> forwards = new ArrayList<>();
        for (String host : "abcdef".split("")) {
            forwards.add(RouteDecision.forward(Upstream.of("http://" + host)));
        }
        assertThat(inTurn(forwards)).isEqualTo("abc");
    }

    @Test
    void upstreamThatIsOut_isTriedByOneAgainWhenItsTimeHasCome() {
        AtomicLong now = new AtomicLong();
        var health = new UpstreamHealth(2, 10, now::get);
        health.failed();
        assertThat(health.isOut()).isFalse();
        health.failed();
        assertThat(health.isOut()).isTrue();
        assertThat(health.claimTrial()).isFalse();
        now.set(10);
        assertThat(health.claimTrial()).isTrue();
        assertThat(health.claimTrial()).as("by one alone").isFalse();
        health.failed();
        now.set(19);
        assertThat(health.claimTrial()).isFalse();
        now.set(20);
        assertThat(health.claimTrial()).isTrue();
        health.connected();
        assertThat(health.isOut()).isFalse();
        health.failed();
        assertThat(health.isOut()).as("one failure in a row").isFalse();
    }

    @Test
    void upstreamsThatNobodyUses_areForgotten() {
        KnownUpstream used = upstreams.of(Upstream.of("http://used"));
        used.places().tryEnter();
        for (int i = 0; i < 5000; i++) {
            upstreams.of(Upstream.of("http://u" + i));
        }
        assertThat(upstreams.all().size()).isLessThan(2100);
        assertThat(upstreams.of(Upstream.of("http://used"))).isSameAs(used);
    }

    private static void fail(KnownUpstream known) {
        for (int i = 0; i < 3; i++) {
            known.health().failed();
        }
    }

    private String inTurn(List<Forward> forwards) {
        Candidates candidates = new Candidates(upstreams, forwards);
        StringBuilder order = new StringBuilder();
        for (Forward next = candidates.next(); next != null; next = candidates.next()) {
            order.append(next.upstream().host());
        }
        return order.toString();
    }
}
