package dev.sluice.django;

import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteDecision.Respond;
import dev.sluice.api.RouteDecision.Unready;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import java.util.concurrent.TimeUnit;

/** A resolver made from HOCON, requests for it, and what to ask of its decisions. */
final class Lookups {

    static final String REQUIRED =
            "root = \"http://127.0.0.1:9\", domain = example.org, networks = [\"10.0.0.0/8\", \"fd00::/8\"]\n";

    private Lookups() {}

    static FakePluginContext context(String hocon, HttpCalls http) {
        return new FakePluginContext(HoconConfig.parse(REQUIRED + hocon)).withHttp(http);
    }

    static RouteResolver resolver(HttpCalls http) {
        return new DjangoLookupProvider().create(context("", http));
    }

    /** Ann's browser goes to {@code host}. */
    static FakeRequest page(String host) {
        return request("GET", host).withHeader("Accept", "text/html,*/*;q=0.8");
    }

    static FakeRequest request(String method, String host) {
        return FakeRequest.of(method, "https://" + host + "/tree?token=x").withIdentity(Identity.of("ann"));
    }

    static FakeRequest webSocket(String host) {
        return FakeRequest.webSocket("https://" + host + "/ws").withIdentity(Identity.of("ann"));
    }

    static RouteDecision decide(RouteResolver resolver, ProxyRequest request) {
        return resolver.resolve(request)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    /** What a decision does, in short: {@code http://10.0.0.1:80}, {@code unready /spawning}, {@code 403}. */
    static String gist(RouteDecision decision) {
        if (decision instanceof Forward forward) {
            return forward.rewrite().target().orElseGet(() -> forward.upstream().toString());
        }
        if (decision instanceof Unready unready) {
            return "unready " + gist(unready.page());
        }
        return decision instanceof Respond respond
                ? String.valueOf(respond.response().status())
                : "not found";
    }

    static String app(String state, String proxyUrl) {
        return "{\"id\": 7, \"name\": \"Lab\", \"user\": 3, \"wrap\": \"NONE\", \"state\": \"" + state
                + "\", \"proxy_url\": " + (proxyUrl.isEmpty() ? "null" : "\"" + proxyUrl + "\"") + "}";
    }

    static String wrapped(String proxyUrl) {
        return app("RUNNING", proxyUrl).replace("NONE", "FULL_HEIGHT_IFRAME");
    }
}
