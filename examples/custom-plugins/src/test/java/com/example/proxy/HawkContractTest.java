package com.example.proxy;

import dev.sluice.api.Authenticator;
import dev.sluice.api.ProxyRequest;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.contract.AuthenticatorContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

class HawkContractTest extends AuthenticatorContract {

    private static final long NOW = new ManualClock().instant().getEpochSecond();

    @Override
    protected Authenticator authenticator() {
        return new HawkAuthenticator(
                Map.of(SignedRequests.CALLER, new HawkKey(SignedRequests.KEY)),
                Duration.ofMinutes(1),
                1000,
                new ManualClock());
    }

    @Override
    protected List<ProxyRequest> requests() {
        FakeRequest request = FakeRequest.get("https://tools.example.org/reports/?week=3");
        return List.of(
                SignedRequests.sign(request, NOW, "once"),
                SignedRequests.sign(request, NOW - 3600, "late"),
                SignedRequests.sign(FakeRequest.webSocket("https://tools.example.org/ws"), NOW, "socket"),
                request.withHeader("Authorization", "Hawk id=\"nightly\""),
                request.withHeader("Authorization", "Bearer something"),
                request);
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(SignedRequests.KEY);
    }
}
