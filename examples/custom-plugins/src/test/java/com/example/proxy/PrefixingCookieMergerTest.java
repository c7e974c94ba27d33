package com.example.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.OwnCookies;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.testkit.FakeRequest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrefixingCookieMergerTest {

    private static final OwnCookies OWN = OwnCookies.of(Set.of("__Host-px", "reports-px"));

    private final PrefixingCookieMerger merger = new PrefixingCookieMerger(List.of(
            new CookieRoute("tools.example.org", "/reports", new CookiePrefix("reports-")),
            new CookieRoute("tools.example.org", "/notebooks", new CookiePrefix("notebooks-"))));

    @Test
    void applications_useOneName_andDoNotMeet() {
        assertThat(toClient("/reports", "sid=1; Path=/")).containsExactly("reports-sid=1; Path=/");
        assertThat(toClient("/notebooks/", "sid=2; Path=/")).containsExactly("notebooks-sid=2; Path=/");

        String cookies = "reports-sid=1; notebooks-sid=2; theme=dark";
        assertThat(toUpstream("/reports/x", cookies)).containsExactly("sid=1");
        assertThat(toUpstream("/notebooks", cookies)).containsExactly("sid=2");
        assertThat(toUpstream("/", cookies)).containsExactly("theme=dark");
    }

    @Test
    void guardOfBrowsers_staysInFront() {
        assertThat(toClient("/reports", "__Host-sid=1; Secure; Path=/"))
                .containsExactly("__Host-reports-sid=1; Secure; Path=/");
        assertThat(toUpstream("/reports", "__Host-reports-sid=1; __Secure-reports-b=2"))
                .containsExactly("__Host-sid=1; __Secure-b=2");
    }

    @Test
    void applicationElsewhereOnTheHost_cannotSetOneOfTheirs() {
        assertThat(toClient("/", "reports-sid=x", "__Host-reports-sid=x", "=reports-sid=x", " =reports-sid=x", "ok=1"))
                .containsExactly("ok=1");
    }

    @Test
    void domain_isTakenOffWhatAnUntrustedApplicationSets() {
        assertThat(toClient("/reports", "sid=1; Domain=example.org; Path=/", "b=2;DOMAIN = .example.org"))
                .containsExactly("reports-sid=1; Path=/", "reports-b=2");
    }

    @Test
    void prefixedName_thatComesOutAsAnOwnCookies_isDropped() {
        assertThat(toClient("/reports", "px=stolen")).isEmpty();
        assertThat(merger.toUpstream(
                        FakeRequest.get("https://tools.example.org/reports"),
                        Trust.TRUSTED,
                        OWN,
                        List.of("__Host-px=mine; __Host-reports-px=planted")))
                .containsExactly("__Host-px=mine");
    }

    @Test
    void ownCookies_keepTheirNames() {
        SetCookie own = SetCookie.of("__Host-px", "v").build();

        assertThat(merger.toClient(
                        FakeRequest.get("https://tools.example.org/reports"),
                        Trust.UNTRUSTED,
                        OWN,
                        List.of("sid=1"),
                        List.of(own)))
                .containsExactly("reports-sid=1", own.toHeaderValue());
    }

    @Test
    void pathThatServersReadDifferently_showsAndSetsNothing() {
        for (String path : new String[] {"/%72eports", "/x/../reports", "//reports"}) {
            assertThat(toUpstream(path, "reports-sid=1; theme=dark")).as(path).isEmpty();
            assertThat(toClient(path, "sid=1")).as(path).isEmpty();
        }
        assertThat(toUpstream("/reports/a%20b", "reports-sid=1")).containsExactly("sid=1");
    }

    private List<String> toUpstream(String path, String line) {
        return merger.toUpstream(
                FakeRequest.get("https://tools.example.org" + path), Trust.UNTRUSTED, OWN, List.of(line));
    }

    private List<String> toClient(String path, String... lines) {
        return merger.toClient(
                FakeRequest.get("https://tools.example.org" + path), Trust.UNTRUSTED, OWN, List.of(lines), List.of());
    }
}
