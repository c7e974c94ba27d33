package dev.sluice.django;

import static dev.sluice.django.Lookups.app;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteResolver;
import dev.sluice.testkit.contract.RouteResolverContract;
import java.util.List;

class DjangoLookupContractTest extends RouteResolverContract {

    @Override
    protected RouteResolver resolver() {
        return Lookups.resolver(new FakeDjango()
                .answer("GET running", 200, app("RUNNING", "http://10.0.0.1:8888"))
                .answer("GET ready", 200, app("SPAWNING", "http://10.0.0.1:8888"))
                .answer("GET absent", 404, "{}")
                .answer("PUT absent", 200, app("SPAWNING", ""))
                .answer("GET stopped", 200, app("STOPPED", ""))
                .answer("DELETE stopped", 200, "{}")
                .answer("GET secret", 403, "{}")
                .answer("GET mad", 200, "[]"));
    }

    @Override
    protected List<ProxyRequest> requests() {
        return List.of(
                Lookups.page("running.example.org").withHeader("Cookie", "sessionid=opensesame"),
                Lookups.request("POST", "running.example.org"),
                Lookups.webSocket("running.example.org"),
                Lookups.page("ready.example.org"),
                Lookups.request("POST", "ready.example.org"),
                Lookups.page("absent.example.org"),
                Lookups.page("stopped.example.org"),
                Lookups.page("secret.example.org"),
                Lookups.page("mad.example.org"),
                Lookups.page("unreachable.example.org"),
                Lookups.page("example.org"));
    }
}
