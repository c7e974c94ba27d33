package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({
        "http://a, http://a:80, a",
        "http://A:8080/, http://a:8080, a:8080",
        "https://a, https://a:443, a",
        "https://a:80, https://a:80, a:80",
        "http://[::1]:9000, http://[::1]:9000, [::1]:9000"
    })
    void upstream_isReadFromItsUrl(String url, String whole, String authority) {
        assertThat(Upstream.of(url)).hasToString(whole);
        assertThat(Upstream.of(url).authority()).isEqualTo(authority);
        assertThat(Upstream.of(url)).isEqualTo(Upstream.of(whole)).hasSameHashCodeAs(Upstream.of(whole));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:80",
                "ftp://a",
                "http://",
                "http://a/path",
                "http://a?q",
                "http://a#f",
                "http://a:0",
                "http://a:70000",
                "http://a b",
                "",
                "//a"
            })
    void upstreamThatIsNoOrigin_isRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Upstream.of(url))
                .withMessageContaining("(expected: http://host[:port] or https://host[:port])");
    }

    @Test
    void probe_namesItselfWithoutItsQuery() {
        Probe probe =
                Probe.of(Upstream.of("https://a"), "/healthz?token=s3cret").withEvery(Duration.ofMillis(1));
        assertThat(probe).hasToString("GET https://a:443/healthz");
        assertThat(probe.host()).isEqualTo("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> probe.withTimeout(Duration.ofNanos(999_999)))
                .withMessage("timeout: PT0.000999999S (expected: at least 1 ms)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> probe.withExpect(199))
                .withMessage("expect: 199 (expected: 200-599)");
        assertThatIllegalArgumentException().isThrownBy(() -> probe.withHost("a\r\nX: y"));
    }

    @Test
    void upstreamWithACredential_isRefusedWithoutQuotingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Upstream.of("http://user:s3cret@a"))
                .withMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "/a b", "/a\r\nb", "/a#b", "/ä", "http://a/"})
    void rewriteToWhatIsNoTarget_isRefused(String target) {
        assertThatIllegalArgumentException().isThrownBy(() -> Rewrite.NONE.withTarget(target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a/b", "a b", "", "a@b", "a:b"})
    void hostThatIsNoAuthority_isRefused(String host) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HostPolicy.Fixed(host));
    }

    @Test
    void localResponse_keepsItsBodyToItself() {
        byte[] body = "abc".getBytes(StandardCharsets.UTF_8);
        LocalResponse response = LocalResponse.status(200).withBody("text/plain", body);
        body[0] = 'x';
        response.body()[1] = 'x';
        assertThat(response.body()).asString(StandardCharsets.UTF_8).isEqualTo("abc");
        assertThatIllegalArgumentException().isThrownBy(() -> LocalResponse.status(101));
        assertThatIllegalArgumentException().isThrownBy(() -> response.withHeader("Set-Cookie", "a=b"));
    }

    @Test
    void fallbackAndUnready_takeAnswersOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fallback(Set.of(ProxyFailure.Kind.CONNECT_FAILED), RouteDecision.notFound()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouteDecision.Unready(Duration.ofSeconds(1), RouteDecision.notFound()));
        assertThatIllegalArgumentException().isThrownBy(() -> Timeouts.INHERIT.withConnect(Duration.ZERO));
    }

    @Test
    void identity_showsNoClaims() {
        Identity identity = Identity.of("u1").withClaims(Map.of("email", List.of("a@example.org")));
        assertThat(identity.claim("email")).isEqualTo("a@example.org");
        assertThat(identity.claim("none")).isNull();
        assertThat(identity.toString()).doesNotContain("example.org");
    }

    @Test
    void neverRevoked_neverCalls() {
        AtomicInteger calls = new AtomicInteger();
        Revocation.NEVER.onRevoked(calls::incrementAndGet).cancel();
        assertThat(calls).hasValue(0);
    }
}
