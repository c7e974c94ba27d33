package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetCookieTest {

    @Test
    void default_isTheSafeForm() {
        assertThat(SetCookie.of("__Host-sluice", "abc").build().toHeaderValue())
                .isEqualTo("__Host-sluice=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void deletion_hasTheSameIdentityAndAnEndInThePast() {
        SetCookie cookie = SetCookie.of("a", "1")
                .domain("example.org")
                .path("/x")
                .maxAge(Duration.ofHours(1))
                .insecure()
                .readableByScripts()
                .build();
        assertThat(cookie.toHeaderValue()).isEqualTo("a=1; Path=/x; Domain=example.org; Max-Age=3600; SameSite=Lax");
        assertThat(cookie.deletion().toHeaderValue())
                .isEqualTo("a=; Path=/x; Domain=example.org; Max-Age=0;"
                        + " Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax");
    }

    @Test
    void prefixThatIsNotKept_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SetCookie.of("__Host-a", "1").domain("example.org").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetCookie.of("__Host-a", "1").path("/x").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetCookie.of("__host-a", "1").insecure().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetCookie.of("__Secure-a", "1").insecure().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetCookie.of("a", "1")
                        .sameSite(SetCookie.SameSite.NONE)
                        .insecure()
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;b", "a b", "a\"", "a,b", "a\\b", "a\r\n", "ä"})
    void valueThatIsNotCookieOctets_isRefusedWithoutQuotingIt(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetCookie.of("n", "s3cret" + value).build())
                .withMessageNotContaining("s3cret");
    }

    @Test
    void sizeAndLife_areBounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetCookie.of("n", "x".repeat(4096)).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SetCookie.of("n", "x").maxAge(Duration.ofDays(401)).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetCookie.of("n", "x").path("x").build());
    }

    @Test
    void toString_masksTheValue() {
        assertThat(SetCookie.of("n", "s3cret").build().toString()).isEqualTo("SetCookie[n]");
    }
}
