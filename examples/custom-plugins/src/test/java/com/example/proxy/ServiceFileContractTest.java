package com.example.proxy;

import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.contract.RouteResolverContract;
import java.util.List;

class ServiceFileContractTest extends RouteResolverContract {

    @Override
    protected RouteResolver resolver() {
        return new ServiceFileProvider()
                .create(new FakePluginContext(HoconConfig.parse("file = deployment/services.yaml")));
    }

    @Override
    protected List<ProxyRequest> requests() {
        Identity caller = Identity.of("nightly");
        return List.of(
                FakeRequest.get("http://localhost/reports/").withIdentity(caller),
                FakeRequest.of("POST", "http://localhost/notebooks/new").withIdentity(caller),
                FakeRequest.webSocket("http://localhost/notebooks/ws").withIdentity(caller),
                FakeRequest.get("http://localhost/reports/..%2fnotebooks").withIdentity(caller),
                FakeRequest.get("http://elsewhere.example.org/").withIdentity(caller));
    }
}
