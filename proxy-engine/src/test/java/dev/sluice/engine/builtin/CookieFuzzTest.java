package dev.sluice.engine.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Trust;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Invariant 7, whatever a client or an untrusted upstream takes for a cookie: the proxy's own ones are neither told nor set. */
class CookieFuzzTest {

    private static final OwnCookies OWN = OwnCookies.of(Set.of("session"));
    private static final ProxyRequest REQUEST = Requests.to("app.example.org");
    private final DefaultCookieMerger merger = new DefaultCookieMerger();

    @FuzzTest(maxDuration = "3m")
    void ownCookies_areNeitherToldNorSet(byte[] input) {
        List<String> lines = Arrays.asList(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
        List<String> told = merger.toUpstream(REQUEST, Trust.UNTRUSTED, OWN, lines);
        assertThat(pairs(told))
                .isEqualTo(pairs(lines).stream().filter(pair -> !isOwn(pair)).toList());
        List<String> set = merger.toClient(REQUEST, Trust.UNTRUSTED, OWN, lines, List.of());
        assertThat(set).isSubsetOf(lines).noneMatch(line -> isOwn(line.split(";", 2)[0]));
    }

    private static List<String> pairs(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Stream.of(line.split(";", -1)))
                .map(String::strip)
                .filter(pair -> !pair.isEmpty())
                .toList();
    }

    /** As a browser or a server reads it that trims and folds as much as any of them does. */
    private static boolean isOwn(String pair) {
        String text = trimmed(pair.replaceFirst("^[^!#-<>-~]+", ""));
        String name = trimmed(text.split("=", 2)[0]).toLowerCase(java.util.Locale.ROOT);
        return name.matches("(?s)session(_[0-9]{1,2}|_tx_.*)?");
    }

    private static String trimmed(String text) {
        return text.replaceAll("^[^!#-~]+|[^!#-~]+$", "");
    }
}
