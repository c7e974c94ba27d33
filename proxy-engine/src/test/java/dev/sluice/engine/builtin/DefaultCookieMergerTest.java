package dev.sluice.engine.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultCookieMergerTest {

    private static final OwnCookies OWN = OwnCookies.of(Set.of("__Host-px"));
    private static final ProxyRequest REQUEST = Requests.to("tool.apps.p.test");
    private final CookieMerger merger = new DefaultCookieMerger();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            a=1; b=2                              | a=1; b=2
            a=1; __Host-px=v; b=2                 | a=1; b=2
            __Host-px=v; a=1                      | a=1
            a=1;__Host-px=v                       | a=1
            a=1; __host-PX=v; __HOST-px=w; b=2    | a=1; b=2
            a=1; __Host-px_0=v; __Host-px_17=w    | a=1
            a=1; __Host-px_tx_Zm9v=v              | a=1
            a=1; __Host-px_100=v; __Host-px_x=w   | a=1; __Host-px_100=v; __Host-px_x=w
            a=1; __Host-px2=v; x__Host-px=w       | a=1; __Host-px2=v; x__Host-px=w
            a=1; =__Host-px=v; ==__Host-px=w      | a=1
            a=1; __Host-px; =__Host-px            | a=1
            a=1;  __Host-px =v; "__Host-px"=w     | a=1
            a="; __Host-px=v; b="                 | a="; b="
            a=x,__Host-px=v; b=2                  | a=x,__Host-px=v; b=2
            $Version=1; a=1; $Path=/              | $Version=1; a=1; $Path=/
            a=1; a=2; a=1;;a==3; =; x             | a=1; a=2; a=1;;a==3; =; x
            """)
    void untrustedUpstream_getsTheClientsCookiesLessOurs(String sent, String passed) {
        assertThat(merger.toUpstream(REQUEST, Trust.UNTRUSTED, OWN, List.of(sent)))
                .containsExactly(passed);
    }

    @Test
    void unicodeBlanksAroundAName_hideNothing() {
        List<String> sent = List.of("\u00a0__Host-px=v; a=1", "\u00e2\u0080\u0083__Host-px\u0085=v");
        assertThat(merger.toUpstream(REQUEST, Trust.UNTRUSTED, OWN, sent)).containsExactly("a=1");
    }

    @Test
    void lineWithNothingLeft_isDropped() {
        assertThat(merger.toUpstream(REQUEST, Trust.UNTRUSTED, OWN, List.of("__Host-px=v", "a=1", "__Host-px_1=v")))
                .containsExactly("a=1");
        assertThat(merger.toUpstream(REQUEST, Trust.UNTRUSTED, OWN, List.of("__Host-px=v")))
                .isEmpty();
    }

    @Test
    void trustedUpstream_getsEverything() {
        List<String> sent = List.of("a=1; __Host-px=v", "b=2");
        assertThat(merger.toUpstream(REQUEST, Trust.TRUSTED, OWN, sent)).isSameAs(sent);
    }

    @Test
    void nothingToDo_returnsTheListItself() {
        List<String> sent = List.of("a=1; b=2", "c=3");
        assertThat(merger.toUpstream(REQUEST, Trust.UNTRUSTED, OWN, sent)).isSameAs(sent);
        assertThat(merger.toUpstream(REQUEST, Trust.UNTRUSTED, OwnCookies.NONE, sent))
                .isSameAs(sent);
        assertThat(merger.toClient(REQUEST, Trust.UNTRUSTED, OWN, sent, List.of()))
                .isSameAs(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__Host-px=evil",
                "__host-PX=evil; Path=/; Secure",
                "__Host-px=; Max-Age=0",
                "__Host-px; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "=__Host-px=evil",
                " __Host-px =evil",
                "\"__Host-px\"=evil",
                "\u00a0__Host-px=evil",
                "\t__Host-px\u0085=evil",
                "__Host-px_3=evil",
                "__Host-px_tx_abc=evil"
            })
    void upstream_neitherSetsNorClearsOurs(String line) {
        for (Trust trust : Trust.values()) {
            assertThat(merger.toClient(REQUEST, trust, OWN, List.of("a=1", line, "b=2"), List.of()))
                    .containsExactly("a=1", "b=2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1; Path=/; Secure; SameSite=None; Partitioned; Priority=High",
                "a=b, c=d; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
                "a=1; Domain=tool.apps.p.test",
                "a=1; domain=.TOOL.apps.p.test",
                "a=1; Domain=x.tool.apps.p.test",
                "a=1; Domain=other.test",
                "a=1; Domain=ps.p.test",
                "a=1; Domain=p.test; Domain=tool.apps.p.test",
                "a=1; Domain",
                "a=1; Domain=",
                "a=Domain=p.test",
                "a=1; Path=/x=Domain=p.test",
                "a=1; SubDomain=p.test",
                "a=\u00e9"
            })
    void untrustedUpstreamsOwnCookies_passByteForByte(String line) {
        assertThat(merger.toClient(REQUEST, Trust.UNTRUSTED, OWN, List.of(line), List.of()))
                .containsExactly(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1; Domain=apps.p.test",
                "a=1; Domain=p.test; Path=/",
                "a=1;DOMAIN=.P.Test",
                "a=1; Domain = p.test ",
                "a=1; Domain=test",
                "a=1; Domain=p.test.",
                "a=1; Domain=tool.apps.p.test; Domain=p.test",
                "a=1; Domain=p.test; Domain=",
                "a=1; Domain=p.test; Domain",
                "a=1; Domain=\u00ef\u00bd\u0090.test",
                "a=1; Domain=%70.test"
            })
    void cookieForAParentDomain_isDroppedFromAnUntrustedUpstreamOnly(String line) {
        assertThat(merger.toClient(REQUEST, Trust.UNTRUSTED, OWN, List.of("x=1", line, "y=1"), List.of()))
                .containsExactly("x=1", "y=1");
        assertThat(merger.toClient(REQUEST, Trust.TRUSTED, OWN, List.of(line), List.of()))
                .containsExactly(line);
    }

    @Test
    void overlongDomain_isIgnoredAsBrowsersDo() {
        String line = "a=1; Domain=p.test; Domain=" + "x".repeat(1025);
        assertThat(merger.toClient(REQUEST, Trust.UNTRUSTED, OWN, List.of(line), List.of()))
                .isEmpty();
    }

    @Test
    void ownCookies_followTheApplications() {
        SetCookie px = SetCookie.of("__Host-px", "v").build();
        List<String> merged =
                merger.toClient(REQUEST, Trust.UNTRUSTED, OWN, List.of("a=1", "__Host-px=x", "b=2"), List.of(px));
        assertThat(merged).containsExactly("a=1", "b=2", "__Host-px=v; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void provider_isFoundByName() {
        assertThat(ServiceLoader.load(CookieMergerProvider.class))
                .extracting(PluginProvider::name)
                .contains("default");
    }
}
