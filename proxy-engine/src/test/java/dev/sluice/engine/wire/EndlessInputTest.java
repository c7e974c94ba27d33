package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.wire.SoakFigures.Held;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.io.UncheckedIOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attack 35: what a client sends without an end is refused, and takes no memory beyond the limits. */
class EndlessInputTest {

    private static final long MUCH = 32 << 20;

    /** The allocator takes memory in chunks of 4 MiB, one for each event loop when it is first used. */
    private static final long BOUND = 12 << 20;

    @ParameterizedTest
    @CsvSource({
        "GET /, x, 414",
        "GET / HTTP/1.1|Host: h|X: , y, 431",
        "GET / HTTP/1.1|Host: h|, X: y|, 431",
        "POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||0|, X: y|, CLIENT_PROTOCOL",
        "POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||1;x=, y, CLIENT_PROTOCOL"
    })
    void inputWithoutEnd_takesNoMemoryBeyondTheLimits(String begin, String more, String reported) {
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            Held before = Held.now();
            client.send(begin.replace("|", "\r\n"));
            String piece = more.replace("|", "\r\n").repeat(16_384);
            try {
                for (long sent = 0; sent < MUCH; sent += piece.length()) {
                    client.send(piece);
                }
            } catch (UncheckedIOException cut) {
                // the proxy does not listen for ever
            }
            Held after = Held.now();
            assertThat(after.heap()).isLessThan(before.heap() + BOUND);
            assertThat(after.direct()).isLessThan(before.direct() + BOUND);
            if (reported.equals("CLIENT_PROTOCOL")) {
                assertThat(proxy.awaitEnded().failure()).hasToString(reported);
            } else {
                assertThat(proxy.refusals()).singleElement().asString().startsWith(reported);
            }
        }
    }
}
