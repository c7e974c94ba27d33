package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.HttpCalls.Call;
import dev.sluice.api.spi.HttpCalls.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** The calls to Django about one application, each in the name of the user whose request led to it. */
final class ControlPlane {

    private static final byte[] RUNNING = "{\"state\":\"RUNNING\"}".getBytes(StandardCharsets.UTF_8);

    private final HttpCalls http;
    private final DjangoLookupConfig config;

    ControlPlane(HttpCalls http, DjangoLookupConfig config) {
        this.http = http;
        this.config = config;
    }

    /** 200 with the application, 404 if it neither runs nor starts, 403 if the user may not see it. */
    CompletionStage<Reply> look(Site site, ProxyRequest request) {
        return send("GET", site, request, UnaryOperator.identity());
    }

    /** 200 with the application, 409 if it was started meanwhile, 400 or 404 if there is none of this name. */
    CompletionStage<Reply> start(Site site, ProxyRequest request) {
        return send("PUT", site, request, UnaryOperator.identity());
    }

    /** Forgets an application that has ended, so that it can be started again. */
    CompletionStage<Reply> delete(Site site, ProxyRequest request) {
        return send("DELETE", site, request, UnaryOperator.identity());
    }

    /** Tells that the application has answered its first request. */
    CompletionStage<Reply> markRunning(Site site, ProxyRequest request) {
        return send("PATCH", site, request, call -> call.withBody("application/json", RUNNING));
    }

    private CompletionStage<Reply> send(String method, Site site, ProxyRequest request, UnaryOperator<Call> body) {
        URI uri = URI.create((config.django().tls() ? "https://" : "http://")
                + config.django().authority()
                + config.api().fillEncoded(site.values()));
        Call call = Call.of(method, uri).withTimeout(config.timeout()).withMaxReplyBytes(config.maxAnswer());
        return http.send(config.callHeaders().addTo(body.apply(call), request));
    }
}
