package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure.Culprit;
import dev.sluice.api.ProxyFailure.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureStatusTest {

    @ParameterizedTest
    @CsvSource({
        "AUTH_ERROR, 503",
        "ROUTE_ERROR, 503",
        "NO_ROUTE, 404",
        "COOKIE_ERROR, 500",
        "CONNECT_FAILED, 502",
        "CONNECT_TIMEOUT, 504",
        "RESPONSE_TIMEOUT, 504",
        "UPSTREAM_CLOSED, 502",
        "UPSTREAM_PROTOCOL, 502",
        "UPSTREAM_IDLE, 504",
        "CLIENT_PROTOCOL, 400",
        "CLIENT_IDLE, 408",
        "IDENTITY_ENDED, 401",
        "SHUTDOWN, 503",
        "INTERNAL, 500"
    })
    void kind_hasItsStatus(Kind kind, int status) {
        assertThat(FailureStatus.of(kind)).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void answer_saysNothingAboutTheCause(Kind kind) {
        assertThat(FailureStatus.respond(kind, "id-1").body())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(FailureStatus.of(kind) + ", exchange id-1\n");
    }

    @ParameterizedTest
    @EnumSource
    void clientsFaults_are4xx(Kind kind) {
        int status = FailureStatus.of(kind);
        if (kind.culprit() == Culprit.CLIENT) {
            assertThat(status).isBetween(400, 499);
        } else if (kind.culprit() == Culprit.UPSTREAM || kind.culprit() == Culprit.ENGINE) {
            assertThat(status).isBetween(500, 599);
        }
    }
}
