package dev.sluice.engine.admin;

import dev.sluice.api.Headers;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.engine.Tracing;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spans by way of Micrometer Observation: {@code sluice.exchange} for each exchange, and below it {@code sluice.upstream} each
 * time that it is forwarded. No scope is opened: an exchange is on its loop together with others, so what follows it is handed
 * on and never looked up by thread.
 */
public final class ObservationTracing implements Tracing {

    private final ObservationRegistry registry;

    /** @param registry whose handlers make the spans */
    public ObservationTracing(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Tracing.@Nullable Span begin(ProxyRequest request) {
        if (registry.isNoop()) {
            return null;
        }
        ReceiverContext<Headers> context = new ReceiverContext<>(ObservationTracing::joined, Kind.SERVER);
        context.setCarrier(request.headers());
        Observation exchange = Observation.createNotStarted("sluice.exchange", () -> context, registry)
                .lowCardinalityKeyValue("method", Labels.method(request.method()))
                .highCardinalityKeyValue("id", request.id());
        return new ObservedExchange(registry, request, exchange.start());
    }

    /** Several lines of one name are one list (RFC 9110 §5.3), and a {@code traceparent} that is a list is none. */
    private static @Nullable String joined(Headers headers, String name) {
        List<String> lines = headers.all(name);
        return lines.isEmpty() ? null : String.join(",", lines);
    }

    static void end(Observation observation, @Nullable String route, int status, @Nullable ProxyFailure failure) {
        ProxyFailure.Kind kind = failure == null ? null : failure.kind();
        observation
                .lowCardinalityKeyValue("route", Labels.route(route))
                .lowCardinalityKeyValue("status", Labels.status(status))
                .lowCardinalityKeyValue("outcome", Labels.outcome(kind));
        if (kind != null && kind.culprit() != ProxyFailure.Culprit.CLIENT) {
            observation.error(new ExchangeFailed(kind));
        }
        observation.stop();
    }

    /** Says what went wrong and no more: the cause may quote somebody, and is in the log under the exchange's id. */
    static final class ExchangeFailed extends Exception {
        private static final long serialVersionUID = 1;

        ExchangeFailed(ProxyFailure.Kind kind) {
            super(Labels.outcome(kind), null, false, false);
        }
    }
}
