package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderEditsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "CONNECTION",
                "Upgrade",
                "Host",
                "Cookie",
                "Set-Cookie",
                "TE",
                "Trailer",
                "Keep-Alive",
                "Proxy-Connection",
                "Expect"
            })
    void nameOfTheEngines_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderEdits.builder().put(name, "x"))
                .withMessageContaining("header: " + name + " (expected:");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderEdits.builder().remove(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "ä", "a\0", "(a)"})
    void nameThatIsNoToken_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderEdits.builder().add(name, "x"))
                .withMessageContaining("expected: a token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\0", "\u007f", "\u0100", "a\nb"})
    void valueThatCouldEndTheField_isRefusedWithoutQuotingIt(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderEdits.builder().put("X-Secret", "s3cret" + value))
                .withMessageContaining("X-Secret")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void then_keepsOrder() {
        HeaderEdits first = HeaderEdits.builder().put("A", "1").build();
        HeaderEdits second = HeaderEdits.builder().add("A", "2").remove("B").build();
        assertThat(first.then(second).edits())
                .containsExactly(
                        new HeaderEdits.Put("A", "1"), new HeaderEdits.Add("A", "2"), new HeaderEdits.Remove("B"));
        assertThat(first.then(HeaderEdits.NONE)).isSameAs(first);
        assertThat(HeaderEdits.NONE.then(first)).isSameAs(first);
    }

    @Test
    void toString_showsNamesOnly() {
        assertThat(HeaderEdits.builder().put("X-Token", "s3cret").build().toString())
                .contains("X-Token")
                .doesNotContain("s3cret");
    }
}
