package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.HttpCalls.Call;
import dev.sluice.api.spi.HttpCalls.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls to Django about one application, each in the name of the user whose request led to it. */
final class ControlPlane {

    private static final byte[] RUNNING = "{\"state\":\"RUNNING\"}".getBytes(StandardCharsets.UTF_8);

    private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);

    private final Set<String> beingMarked = ConcurrentHashMap.newKeySet();
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

    /**
     * Forgets an application that has ended, so that it can be started again.
     *
     * @return completes when that is done, or cannot be done; never fails
     */
    CompletionStage<?> delete(Site site, ProxyRequest request) {
        return logged("DELETE", site, request, send("DELETE", site, request, UnaryOperator.identity()));
    }

    /** Tells that the application has answered its first request, once for all users who are answered meanwhile. */
    void markRunning(Site site, ProxyRequest request) {
        if (beingMarked.add(site.name())) {
            logged("PATCH", site, request, send("PATCH", site, request, c -> c.withBody("application/json", RUNNING)))
                    .thenRun(() -> beingMarked.remove(site.name()));
        }
    }

    /** Whatever becomes of a call on which no response waits is for the log alone. */
    private static CompletionStage<?> logged(
            String method, Site site, ProxyRequest request, CompletionStage<Reply> reply) {
        return reply.handle((answer, failure) -> {
            if (failure != null || answer.status() >= 400) {
                Object outcome = failure != null ? failure : answer.status();
                log.warn("exchange {}: {} {}: {}", request.id(), method, site.name(), outcome);
            }
            return null;
        });
    }

    private CompletionStage<Reply> send(String method, Site site, ProxyRequest request, UnaryOperator<Call> body) {
        URI uri = URI.create((config.django().tls() ? "https://" : "http://")
                + config.django().authority()
                + config.api().fillEncoded(site.values()));
        Call call = Call.of(method, uri).withTimeout(config.timeout()).withMaxReplyBytes(config.maxAnswer());
        return http.send(config.callHeaders().addTo(body.apply(call), request));
    }
}
