package dev.sluice.engine.admin;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.Tracing;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The observations of one exchange: its own, and that of where it is being forwarded to. */
final class ObservedExchange implements Tracing.Span {

    private final ObservationRegistry registry;
    private final ProxyRequest request;
    private final Observation exchange;
    private @Nullable Observation upstream;
    private @Nullable String route;
    private HeaderEdits toUpstream = HeaderEdits.NONE;

    ObservedExchange(ObservationRegistry registry, ProxyRequest request, Observation exchange) {
        this.registry = registry;
        this.request = request;
        this.exchange = exchange;
    }

    @Override
    public void forwarding(@Nullable String route, Forward to) {
        this.route = route;
        String method = Labels.method(to.rewrite().method().orElse(request.method()));
        Map<String, String> fields = new LinkedHashMap<>();
        SenderContext<Map<String, String>> context =
                new SenderContext<>((carrier, name, value) -> fields.put(name, value), Kind.CLIENT);
        context.setCarrier(fields);
        context.setRemoteServiceAddress(to.upstream().toString());
        toUpstream = HeaderEdits.NONE;
        upstream = Observation.createNotStarted("sluice.upstream", () -> context, registry)
                .contextualName(method)
                .parentObservation(exchange)
                .lowCardinalityKeyValue("method", method)
                .highCardinalityKeyValue("upstream", to.upstream().toString())
                .start();
        toUpstream = edits(fields);
    }

    /** The client's {@code tracestate} belongs to its {@code traceparent}, and goes with it (W3C Trace Context §3.3). */
    private static HeaderEdits edits(Map<String, String> fields) {
        HeaderEdits.Builder edits = HeaderEdits.builder();
        if (fields.containsKey("traceparent")) {
            edits.remove("tracestate");
        }
        fields.forEach(edits::put);
        return edits.build();
    }

    @Override
    public HeaderEdits toUpstream() {
        return toUpstream;
    }

    @Override
    public void forwarded(int status, @Nullable ProxyFailure failure) {
        if (upstream != null) {
            ObservationTracing.end(upstream, route, status, failure);
            upstream = null;
        }
    }

    @Override
    public void ended(ExchangeEnded ended) {
        String method = Labels.method(request.method());
        exchange.contextualName(ended.route() == null ? method : method + " " + ended.route());
        ObservationTracing.end(exchange, ended.route(), ended.status(), ended.failure());
    }
}
