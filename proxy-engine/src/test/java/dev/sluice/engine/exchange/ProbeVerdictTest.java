package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeVerdictTest {

    private static final Upstream A = Upstream.of("http://a");

    private final Upstreams upstreams = new Upstreams(ProxySettings.defaults());

    /** What is heard, {@code +} or {@code -}, and what is said after each: up or down. */
    @ParameterizedTest
    @CsvSource({
        "++, uu",
        "---, uud",
        "--+--+---, uuuuuuuud",
        "---+, uudd",
        "---++, uuddu",
        "---+-++, uuddddu",
        "---++--, uudduuu",
    })
    void threeFailuresInARow_areDownAndTwoSuccessesUp(String heard, String said) {
        ProbeVerdict verdict = upstreams.probe(A);
        for (int i = 0; i < heard.length(); i++) {
            boolean before = verdict.isDown();
            boolean changed = verdict.hear(heard.charAt(i) == '+');
            assertThat(upstreams.of(A).health().isDown()).as("after %s", i).isEqualTo(said.charAt(i) == 'd');
            assertThat(changed).isEqualTo(verdict.isDown() != before);
        }
    }

    @Test
    void upstreamWithTwoProbes_isDownWhileOneSaysSo() {
        ProbeVerdict one = upstreams.probe(A);
        ProbeVerdict other = upstreams.probe(A);
        fail(one);
        fail(other);
        other.hear(true);
        other.hear(true);
        assertThat(upstreams.of(A).health().isDown()).isTrue();
        one.end();
        assertThat(upstreams.of(A).health().isDown()).isFalse();
    }

    @Test
    void probeThatTakesAnothersPlace_beginsWithWhatThatSaid() {
        ProbeVerdict former = upstreams.probe(A);
        fail(former);
        ProbeVerdict next = upstreams.probe(A);
        former.end();
        assertThat(upstreams.of(A).health().isDown()).isTrue();
        next.hear(true);
        next.hear(true);
        assertThat(upstreams.of(A).health().isDown()).isFalse();
    }

    @Test
    void upstreamThatIsDown_isTriedByNobodyWhileThereAreOthers() {
        ProbeVerdict verdict = upstreams.probe(A);
        fail(verdict);
        assertThat(firstChoice()).isEqualTo("b");
        upstreams.of(Upstream.of("http://b")).places().tryEnter();
        assertThat(firstChoice()).isEqualTo("b");
        fail(upstreams.probe(Upstream.of("http://b")));
        assertThat(firstChoice()).as("of those that are all down").isEqualTo("a");
        verdict.end();
        assertThat(firstChoice()).isEqualTo("a");
    }

    @Test
    void upstreamThatIsProbed_isNotForgotten() {
        ProbeVerdict verdict = upstreams.probe(A);
        fail(verdict);
        meetOthers("before");
        assertThat(upstreams.of(A).health().isDown()).isTrue();
        verdict.end();
        meetOthers("after");
        assertThat(upstreams.all()).noneMatch(known -> known.upstream().equals(A));
    }

    private void meetOthers(String when) {
        for (int i = 0; i < 5000; i++) {
            upstreams.of(Upstream.of("http://" + when + i));
        }
    }

    private String firstChoice() {
        var inOrder = List.of(RouteDecision.forward(A), RouteDecision.forward(Upstream.of("http://b")));
        return Objects.requireNonNull(new Candidates(upstreams, inOrder).next())
                .upstream()
                .host();
    }

    private static void fail(ProbeVerdict verdict) {
        for (int i = 0; i < 3; i++) {
            verdict.hear(false);
        }
    }
}
