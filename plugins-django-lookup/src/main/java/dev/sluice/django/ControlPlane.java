package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.HttpCalls.Call;
import dev.sluice.api.spi.HttpCalls.Reply;
import dev.sluice.api.spi.PluginContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls to Django about one application, each in the name of the user whose request led to it. */
final class ControlPlane {

    private static final byte[] RUNNING = "{\"state\":\"RUNNING\"}".getBytes(StandardCharsets.UTF_8);

    private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);

    /** Look-ups that were under way may still say that an application is starting. */
    private static final long MARKED_MILLIS = 5_000;

    private final DjangoLookupConfig config;
    private final HttpCalls http;
    private final ScheduledExecutorService timer;
    private final Set<String> marked = ConcurrentHashMap.newKeySet();

    ControlPlane(DjangoLookupConfig config, PluginContext plugin) {
        this.config = config;
        this.http = plugin.http();
        this.timer = plugin.timer();
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

    /** Tells that the application has answered its first request: once, whoever else is answered about that time. */
    void markRunning(Site site, ProxyRequest request) {
        if (marked.add(site.name())) {
            logged("PATCH", site, request, send("PATCH", site, request, c -> c.withBody("application/json", RUNNING)))
                    .thenAccept(done -> unmark(site, done ? MARKED_MILLIS : 0));
        }
    }

    private void unmark(Site site, long afterMillis) {
        var unused = timer.schedule(() -> marked.remove(site.name()), afterMillis, TimeUnit.MILLISECONDS);
    }

    /** Whatever becomes of a call on which no response waits is for the log alone. */
    private static CompletionStage<Boolean> logged(
            String method, Site site, ProxyRequest request, CompletionStage<Reply> reply) {
        return reply.handle((answer, failure) -> {
            if (failure == null && answer.status() < 400) {
                return true;
            }
            Object outcome = failure != null ? failure : answer.status();
            log.warn("exchange {}: {} {}: {}", request.id(), method, site.name(), outcome);
            return false;
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
