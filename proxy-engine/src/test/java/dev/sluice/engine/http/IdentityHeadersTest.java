package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityHeadersTest {

    @ParameterizedTest
    @CsvSource({
        "X-User, true",
        "X_User, true",
        "x.user, true",
        "X~USER, true",
        "X-Roles, true",
        "XUser, false",
        "X--User, false",
        "X-User-, false",
        "X-Usex, false",
        "X0User, false"
    })
    void name_isMatchedInEverySpelling(String name, boolean matches) {
        IdentityHeaders identity = IdentityHeaders.of(List.of("X-User", "x_roles", "x-user"));
        assertThat(identity.matches(name)).isEqualTo(matches);
        assertThat(identity.matches(AsciiString.of(name))).isEqualTo(matches);
    }

    @Test
    void nobody_matchesNothing() {
        assertThat(IdentityHeaders.NONE.matches("X-User")).isFalse();
    }
}
