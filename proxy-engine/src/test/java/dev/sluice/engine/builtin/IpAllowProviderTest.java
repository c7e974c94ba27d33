package dev.sluice.engine.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Identity;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAllowProviderTest {

    private static Authenticator allow(String networks) {
        return new IpAllowProvider().create(new FakePluginContext(HoconConfig.parse("networks = " + networks)));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, true",
        "11.0.0.1, false",
        "192.0.2.7, true",
        "192.0.2.8, false",
        "::ffff:10.1.2.3, true",
        "fd00:1::1, true",
        "fe80::1, false",
    })
    void clientsInside_areLeftToTheNextAndThoseOutsideRefused(String client, boolean inside) {
        AuthDecision decision = allow("[\"10.0.0.0/8\", \"192.0.2.7\", \"fd00::/8\"]")
                .authenticate(FakeRequest.get("http://h/").withClient(client))
                .toCompletableFuture()
                .join();
        if (inside) {
            assertThat(decision).isInstanceOf(AuthDecision.Abstain.class);
        } else {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            AuthDecision.Respond.class,
                            respond -> assertThat(respond.response().status()).isEqualTo(403));
        }
    }

    @Test
    void wrongNetworks_areRefused() {
        assertThatThrownBy(() -> allow("[]"))
                .hasMessage("networks: none (expected: at least one, such as 10.0.0.0/8), proxy.conf: 1");
        assertThatThrownBy(() -> allow("[\"10.0.0.0/8\", \"10.0.0.0/33\"]"))
                .message()
                .startsWith("networks[1]: 10.0.0.0/33 (expected: an address such as 192.0.2.1");
    }

    @Test
    void anonymous_letsEveryonePassAsAnonymous() {
        AuthDecision decision = new AnonymousProvider()
                .create(new FakePluginContext(HoconConfig.parse("")))
                .authenticate(FakeRequest.get("http://h/"))
                .toCompletableFuture()
                .join();
        assertThat(decision).isEqualTo(AuthDecision.proceed(Identity.ANONYMOUS));
    }
}
