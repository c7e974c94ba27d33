package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.testkit.FakeRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link CookieMerger} keeps: the proxy's own cookies and the application's do not meet. Section numbers are
 * those of RFC 6265bis.
 */
public abstract class CookieMergerContract {

    private static final String NAME = "__Host-session";
    private static final String SECRET = "own-secret-value";
    private static final OwnCookies OWN = OwnCookies.of(Set.of(NAME));

    private static final List<ProxyRequest> REQUESTS =
            List.of(FakeRequest.get("https://app.example.org/"), FakeRequest.webSocket("https://app.example.org/ws"));

    /** Spellings that some browser, server or framework takes for the proxy's own cookie. */
    private static final List<String> SPELLINGS = List.of(
            NAME + "=" + SECRET,
            NAME + "_0=" + SECRET,
            NAME + "_12=" + SECRET,
            NAME + "_tx_a-B9=" + SECRET,
            "__HOST-SESSION=" + SECRET, // §5.4: prefixes are compared without regard to case
            " " + NAME + " =" + SECRET,
            "\t" + NAME + "\t=" + SECRET,
            "\"" + NAME + "\"=" + SECRET,
            "\u00a0" + NAME + "=" + SECRET,
            "\u00e2\u0080\u0080" + NAME + "=" + SECRET, // U+2000 in UTF-8, trimmed by servers that decode
            "=" + NAME + "=" + SECRET, // §5.7: browsers have sent a nameless cookie as its value alone
            NAME + "=\"" + SECRET + "\"");

    /** Pairs of an application that a merger which parses and writes anew would change. */
    private static final List<String> APPLICATION = List.of(
            "a=1",
            "A=2",
            "a=3",
            "q=\"x y\"",
            "$Version=1",
            "comma=1,2",
            "eq=b==",
            "empty=",
            "bare",
            "_xsrf=2|8c|x",
            "__Host-session2=mine",
            "x__Host-session=mine",
            "latin=\u00e9");

    /** A new merger, set up as a deployment would; made once for each test and closed behind it. */
    protected abstract CookieMerger merger() throws Exception;

    /**
     * What else the merger is asked about, if it treats requests differently: for these too, own cookies must stay own.
     * Application cookies pass untouched for requests to {@code app.example.org}, which is none of these.
     */
    protected List<ProxyRequest> specialRequests() {
        return List.of();
    }

    @Test
    final void ownCookies_neverReachAnUntrustedUpstream() throws Exception {
        try (var merger = merger()) {
            for (ProxyRequest request : everyRequest()) {
                for (String own : SPELLINGS) {
                    for (List<String> lines : placed(own)) {
                        List<String> sent = merger.toUpstream(request, Trust.UNTRUSTED, OWN, lines);
                        assertThat(String.join("; ", sent))
                                .as("sent to an untrusted upstream for %s", lines)
                                .doesNotContain(SECRET);
                    }
                }
            }
        }
    }

    @Test
    final void upstreams_neitherSetNorClearOwnCookies() throws Exception {
        try (var merger = merger()) {
            for (ProxyRequest request : everyRequest()) {
                for (Trust trust : Trust.values()) {
                    for (String own : SPELLINGS) {
                        requireNotSet(merger, request, trust, own);
                    }
                }
            }
        }
    }

    private static void requireNotSet(CookieMerger merger, ProxyRequest request, Trust trust, String own) {
        for (String attributes : List.of("", "; Path=/", ";Domain=example.org", "; Max-Age=0")) {
            List<String> application = List.of("a=1", own + attributes, "b=2");
            assertThat(merger.toClient(request, trust, OWN, application, List.of()))
                    .as("sent to the client for %s from a %s upstream", application, trust)
                    .noneMatch(line -> line.contains(SECRET));
        }
    }

    @Test
    final void applicationCookies_reachTheUpstream_byteForByteAndInOrder() throws Exception {
        try (var merger = merger()) {
            for (Trust trust : Trust.values()) {
                String all = String.join("; ", APPLICATION);
                assertThat(merger.toUpstream(REQUESTS.get(0), trust, OWN, List.of(all)))
                        .as("a line without own cookies, to a %s upstream", trust)
                        .containsExactly(all);
            }
            List<String> between = new ArrayList<>();
            for (int i = 0; i < APPLICATION.size(); i++) {
                between.add(APPLICATION.get(i));
                between.add(SPELLINGS.get(i % SPELLINGS.size()));
            }
            List<String> sent = merger.toUpstream(
                    REQUESTS.get(0), Trust.UNTRUSTED, OWN, List.of(String.join("; ", between), "z=9"));
            List<String> expected = new ArrayList<>(APPLICATION);
            expected.add("z=9");
            assertThat(pairs(sent)).as("pairs between own cookies").isEqualTo(expected);
        }
    }

    /** A comma is a part of dates, so that joined lines cannot be taken apart again (§3). */
    @Test
    final void setCookies_passByteForByte_inOrder_eachInALineOfItsOwn() throws Exception {
        List<String> application = List.of(
                "a=1; Path=/; Expires=Wed, 09 Jun 2032 10:18:14 GMT",
                "_xsrf=2|8c|x; Path=/",
                "a=2; path=/x; HTTPONLY; Partitioned; Priority=High",
                "q=\"x y\"",
                "odd");
        SetCookie first = SetCookie.of(NAME, SECRET).build();
        SetCookie second = SetCookie.of(NAME + "_tx_1", "other").build();
        try (var merger = merger()) {
            for (ProxyRequest request : REQUESTS) {
                List<String> sent = merger.toClient(request, Trust.UNTRUSTED, OWN, application, List.of(first, second));
                assertThat(sent)
                        .as("lines for the client")
                        .containsSubsequence(application)
                        .containsSubsequence(first.toHeaderValue(), second.toHeaderValue())
                        .hasSize(application.size() + 2);
            }
        }
    }

    /** Local answers have no application, and set the proxy's cookies all the same. */
    @Test
    final void ownCookies_areSetWithLocalAnswers() throws Exception {
        SetCookie own = SetCookie.of(NAME, SECRET).build();
        try (var merger = merger()) {
            assertThat(merger.toClient(REQUESTS.get(0), Trust.UNTRUSTED, OWN, List.of(), List.of(own)))
                    .containsExactly(own.toHeaderValue());
            assertThat(merger.toClient(REQUESTS.get(0), Trust.UNTRUSTED, OWN, List.of(), List.of()))
                    .isEmpty();
        }
    }

    @Test
    final void noCookies_orNoneLeft_giveNoField() throws Exception {
        try (var merger = merger()) {
            assertThat(merger.toUpstream(REQUESTS.get(0), Trust.UNTRUSTED, OWN, List.of()))
                    .isEmpty();
            assertThat(merger.toUpstream(REQUESTS.get(0), Trust.UNTRUSTED, OWN, List.of(NAME + "=" + SECRET)))
                    .isEmpty();
            assertThat(merger.toUpstream(REQUESTS.get(0), Trust.UNTRUSTED, OwnCookies.NONE, List.of("a=1")))
                    .containsExactly("a=1");
        }
    }

    @Test
    final void sameInput_givesTheSameOutput_andIsLeftAsItWas() throws Exception {
        List<String> lines = new ArrayList<>(List.of("a=1; " + NAME + "=" + SECRET + "; b=2", "c=3"));
        List<SetCookie> own = new ArrayList<>(List.of(SetCookie.of(NAME, SECRET).build()));
        try (var merger = merger()) {
            List<String> upstream = List.copyOf(merger.toUpstream(REQUESTS.get(0), Trust.UNTRUSTED, OWN, lines));
            List<String> client = List.copyOf(merger.toClient(REQUESTS.get(0), Trust.UNTRUSTED, OWN, lines, own));
            // Calls in between, for a merger that remembers.
            merger.toUpstream(REQUESTS.get(1), Trust.TRUSTED, OwnCookies.NONE, List.of("other=1"));
            merger.toClient(REQUESTS.get(1), Trust.TRUSTED, OwnCookies.NONE, List.of("other=1"), List.of());

            assertThat(merger.toUpstream(REQUESTS.get(0), Trust.UNTRUSTED, OWN, lines))
                    .isEqualTo(upstream);
            assertThat(merger.toClient(REQUESTS.get(0), Trust.UNTRUSTED, OWN, lines, own))
                    .isEqualTo(client);
            assertThat(lines).containsExactly("a=1; " + NAME + "=" + SECRET + "; b=2", "c=3");
            assertThat(own).hasSize(1);
        }
    }

    /** Alone, first, last, between others, without spaces, twice (tossed, §8.6), and in a second line. */
    private static List<List<String>> placed(String own) {
        return List.of(
                List.of(own),
                List.of(own + "; a=1"),
                List.of("a=1; " + own),
                List.of("a=1; " + own + "; b=2"),
                List.of("a=1;" + own + ";b=2"),
                List.of(own + "; a=1; " + own),
                List.of("q=\"; " + own + "; \""), // quotes mean nothing (§4.2.2): the pair is one
                List.of("a=1", own));
    }

    private List<ProxyRequest> everyRequest() {
        List<ProxyRequest> requests = new ArrayList<>(REQUESTS);
        requests.addAll(specialRequests());
        return requests;
    }

    private static List<String> pairs(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Arrays.stream(line.split(";", -1)))
                .map(pair -> pair.startsWith(" ") ? pair.substring(1) : pair)
                .toList();
    }
}
