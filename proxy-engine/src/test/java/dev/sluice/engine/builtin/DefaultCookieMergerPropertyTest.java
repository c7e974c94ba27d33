package dev.sluice.engine.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** For any cookies and any set of own names: ours stay ours, theirs stay as they are. */
class DefaultCookieMergerPropertyTest {

    private static final ProxyRequest REQUEST = Requests.to("tool.p.test");
    private final CookieMerger merger = new DefaultCookieMerger();

    @Property
    void ownCookies_neverReachAnUntrustedUpstream(
            @ForAll("owned") Set<String> owned, @ForAll("cookieLines") List<String> lines) {
        List<String> passed = merger.toUpstream(REQUEST, Trust.UNTRUSTED, OwnCookies.of(owned), lines);
        assertThat(pairs(passed)).noneMatch(pair -> isOwn(owned, pair));
        assertThat(nonBlank(pairs(passed)))
                .containsExactlyElementsOf(nonBlank(pairs(lines).filter(pair -> !isOwn(owned, pair))));
    }

    @Property
    void untouchedLines_areTheSameBytes(@ForAll("owned") Set<String> owned, @ForAll("cookieLines") List<String> lines) {
        List<String> passed = merger.toUpstream(REQUEST, Trust.UNTRUSTED, OwnCookies.of(owned), lines);
        List<String> untouched = lines.stream()
                .filter(line -> pairs(List.of(line)).noneMatch(pair -> isOwn(owned, pair)))
                .toList();
        List<String> left = new ArrayList<>(passed);
        for (String line : untouched) {
            int at = left.indexOf(line);
            // An empty line may go, when others of the list go.
            assertThat(at >= 0 || line.isEmpty()).as(line).isTrue();
            left = left.subList(at + 1, left.size());
        }
        if (untouched.size() == lines.size()) {
            assertThat(passed).isSameAs(lines);
        }
    }

    @Property
    void upstreams_neitherSetNorClearOwnCookies(
            @ForAll("owned") Set<String> owned,
            @ForAll("setCookieLines") List<String> lines,
            @ForAll Trust trust,
            @ForAll("ownSet") List<SetCookie> own) {
        List<String> merged = merger.toClient(REQUEST, trust, OwnCookies.of(owned), lines, own);
        List<String> expected = new ArrayList<>();
        for (String line : lines) {
            if (!isOwn(owned, line.split(";", -1)[0])
                    && !(trust == Trust.UNTRUSTED && line.endsWith("; Domain=p.test"))) {
                expected.add(line);
            }
        }
        own.forEach(cookie -> expected.add(cookie.toHeaderValue()));
        assertThat(merged).containsExactlyElementsOf(expected);
    }

    /** The rule written another way than the code under test: by regular expressions. */
    private static boolean isOwn(Set<String> owned, String pair) {
        String blank = "[\\x00-\\x20\"\\x7f-\\uffff]";
        String name = pair.replaceFirst("(?s)^(?:=|" + blank + ")+", "")
                .replaceFirst("(?s)=.*", "")
                .replaceFirst("(?s)" + blank + "+$", "");
        return owned.stream()
                .anyMatch(own -> name.toLowerCase(Locale.ROOT)
                        .matches("(?s)" + java.util.regex.Pattern.quote(own.toLowerCase(Locale.ROOT))
                                + "(_[0-9]{1,2}|_tx_.*)?"));
    }

    private static Stream<String> pairs(List<String> lines) {
        return lines.stream().flatMap(line -> Arrays.stream(line.split(";", -1)));
    }

    /** How blanks around a removed pair fall is free; what is in a pair is not. */
    private static List<String> nonBlank(Stream<String> pairs) {
        return pairs.map(String::stripLeading).filter(pair -> !pair.isEmpty()).toList();
    }

    @Provide
    Arbitrary<Set<String>> owned() {
        return Arbitraries.of("px", "__Host-px", "s", "PX_1").set().ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<String>> cookieLines() {
        return pair().list()
                .ofMaxSize(6)
                .map(pairs -> String.join("; ", pairs))
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<String>> setCookieLines() {
        Arbitrary<String> attributes =
                Arbitraries.of("", "; Path=/", "; Max-Age=0", "; Domain=p.test", "; Secure; Partitioned");
        return Combinators.combine(pair().filter(p -> !p.contains(";")), attributes)
                .as((pair, rest) -> pair + rest)
                .list()
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<List<SetCookie>> ownSet() {
        return Arbitraries.of("px", "__Host-px", "s")
                .map(name -> SetCookie.of(name, "v").build())
                .list()
                .ofMaxSize(2);
    }

    /** Names near ours, in many spellings, and anything else that a decoder lets through. */
    private static Arbitrary<String> pair() {
        Arbitrary<String> around = Arbitraries.of("", "", "", " ", "\t", "\"", "\u00a0", "=", "\u00e2\u0080\u0083");
        Arbitrary<String> near = Arbitraries.of(
                "px",
                "PX",
                "Px_1",
                "px_12",
                "px_123",
                "px_tx_",
                "px_tx_a",
                "px_",
                "__host-px",
                "__Host-px_0",
                "s",
                "S_9",
                "ss",
                "px_1_2",
                "px_1_tx_b");
        Arbitrary<String> any = Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u0080', '\u00ff')
                .ofMaxLength(6)
                .map(s -> s.replace(';', ','));
        Arbitrary<String> value = Arbitraries.of("", "=", "=v", "=a=b", "=\"q\"");
        return Combinators.combine(around, Arbitraries.oneOf(near, any), around, value)
                .as((before, name, after, rest) -> before + name + after + rest);
    }
}
