package dev.sluice.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.testkit.FakeRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiKeyAuthenticatorTest {

    private final ApiKeyAuthenticator authenticator = new ApiKeyAuthenticator(Map.of("k-0123456789", "robot"));

    @Test
    void unknownKey_isRefused_ratherThanLeftToTheNext() {
        FakeRequest request = FakeRequest.get("https://app.example.org/").withHeader("X-Api-Key", "wrong");

        assertThat(authenticator.authenticate(request).toCompletableFuture())
                .isCompletedWithValueMatching(decision -> decision instanceof AuthDecision.Respond refusal
                        && refusal.response().status() == 401);
    }
}
