package dev.sluice.engine.launch;

import com.google.auto.service.AutoService;
import dev.sluice.engine.admin.ObservationRegistryProvider;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/** Sends spans where the environment's OTEL_… variables say. */
@AutoService(ObservationRegistryProvider.class)
public final class OtelSpans implements ObservationRegistryProvider {

    private final OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook() // the last spans end when the proxy has been drained
            .build()
            .getOpenTelemetrySdk();

    @Override
    public ObservationRegistry registry() {
        return registry(sdk);
    }

    @Override
    public void close() {
        sdk.close();
    }

    public static ObservationRegistry registry(OpenTelemetrySdk sdk) {
        var otel = sdk.getTracer("sluice");
        var tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
        var propagator = new OtelPropagator(sdk.getPropagators(), otel);
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator)));
        return registry;
    }
}
