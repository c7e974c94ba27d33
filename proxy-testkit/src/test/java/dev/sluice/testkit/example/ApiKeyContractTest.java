package dev.sluice.testkit.example;

import dev.sluice.api.Authenticator;
import dev.sluice.api.ProxyRequest;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.contract.AuthenticatorContract;
import java.util.List;
import java.util.Map;
import java.util.Set;

class ApiKeyContractTest extends AuthenticatorContract {

    @Override
    protected Authenticator authenticator() {
        return new ApiKeyAuthenticator(Map.of("k-0123456789", "robot"));
    }

    @Override
    protected List<ProxyRequest> requests() {
        FakeRequest request = FakeRequest.get("https://app.example.org/");
        return List.of(
                request.withHeader("X-Api-Key", "k-0123456789"), request.withHeader("X-Api-Key", "wrong"), request);
    }

    @Override
    protected Set<String> secrets() {
        return Set.of("k-0123456789");
    }
}
