package dev.sluice.engine.wire;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.engine.Tracing;
import dev.sluice.engine.When;
import dev.sluice.engine.admin.ObservationTracing;
import dev.sluice.engine.launch.OtelSpans;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.RawRequest;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One span of each exchange and one of each time that it is forwarded, made by a real tracer. */
class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: h\r\n";
    private static final String TRACED =
            REQUEST + "TraceParent: 00-" + TRACE + "-" + PARENT + "-01\r\ntracestate: a=1\r\ntracestate: b=2\r\n\r\n";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    private final ObservationRegistry registry = OtelSpans.registry(sdk);

    @AfterEach
    void end() {
        sdk.close();
    }

    private TestProxy proxy(Tracing tracing, RouteResolver resolver) {
        return TestProxy.with(
                settings -> settings,
                builder -> builder.tracing(tracing)
                        .authenticator(TestProxy.ANYBODY)
                        .resolver("apps", When.ALWAYS, resolver));
    }

    private TestProxy proxy(RouteDecision decision) {
        return proxy(new ObservationTracing(registry), TestProxy.always(decision));
    }

    /** In the order in which they have ended: those of upstreams before their exchange's. */
    private List<SpanData> spansOfNext(TestProxy proxy) {
        proxy.awaitEnded();
        return exporter.getFinishedSpanItems();
    }

    private static RawReply ask(TestProxy proxy, String request) {
        try (RawClient client = proxy.connect()) {
            return client.send(request).readReply();
        }
    }

    private static @Nullable String label(SpanData span, String name) {
        return span.getAttributes().get(stringKey(name));
    }

    private static String labels(SpanData span) {
        return List.of("method", "route", "status", "outcome").stream()
                .map(name -> String.valueOf(label(span, name)))
                .collect(joining(" "));
    }

    @Test
    void clientsTrace_goesThroughBothSpansToTheUpstream() {
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(RouteDecision.forward(upstream.upstream()))) {
            assertThat(ask(proxy, TRACED).status()).isEqualTo(200);
            List<SpanData> spans = spansOfNext(proxy);

            assertThat(spans).hasSize(2).allMatch(span -> span.getTraceId().equals(TRACE));
            SpanData leg = spans.get(0);
            SpanData exchange = spans.get(1);
            assertThat(exchange.getParentSpanId()).isEqualTo(PARENT);
            assertThat(exchange.getKind()).isEqualTo(SpanKind.SERVER);
            assertThat(exchange.getName()).isEqualTo("GET apps");
            assertThat(labels(exchange)).isEqualTo("GET apps 200 ok");
            assertThat(leg.getParentSpanId()).isEqualTo(exchange.getSpanId());
            assertThat(leg.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(labels(leg)).isEqualTo("GET apps 200 ok");
            assertThat(label(leg, "upstream")).isEqualTo(upstream.url().toString());
            assertThat(spans).allMatch(span -> span.getStatus().getStatusCode() == StatusCode.UNSET);

            RawRequest seen = upstream.awaitRequest(1);
            assertThat(seen.headers("traceparent")).containsExactly("00-" + TRACE + "-" + leg.getSpanId() + "-01");
            assertThat(seen.headers("tracestate")).containsExactly("a=1,b=2");
            assertThat(label(exchange, "id")).isEqualTo(seen.header("X-Request-Id"));
        }
    }

    @Test
    void traceParentThatIsNone_beginsATraceWithoutItsState() {
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(RouteDecision.forward(upstream.upstream()))) {
            String line = "traceparent: 00-" + TRACE + "-" + PARENT + "-01\r\n";
            ask(proxy, REQUEST + line + line + "tracestate: a=1\r\n\r\n");
            SpanData exchange = spansOfNext(proxy).get(1);
            assertThat(exchange.getParentSpanId()).isEqualTo(SpanId.getInvalid());
            assertThat(exchange.getTraceId()).isNotEqualTo(TRACE);
            RawRequest seen = upstream.awaitRequest(1);
            assertThat(seen.header("traceparent")).contains(exchange.getTraceId());
            assertThat(seen.headers("tracestate")).isEmpty();
        }
    }

    @Test
    void failedExchange_marksBothSpans() {
        try (var refused = Ports.refused();
                var proxy = proxy(RouteDecision.forward(Upstream.of(refused.url())))) {
            assertThat(ask(proxy, TRACED).status()).isEqualTo(502);
            List<SpanData> spans = spansOfNext(proxy);
            assertThat(spans)
                    .extracting(TracingTest::labels)
                    .containsExactly("GET apps none connect_failed", "GET apps 502 connect_failed");
            assertThat(spans).allMatch(span -> span.getStatus().getStatusCode() == StatusCode.ERROR);
        }
    }

    @Test
    void upstreamThatIsTriedInsteadOfAnother_hasASpanOfItsOwn() {
        try (var refused = Ports.refused();
                var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(RouteDecision.oneOf(List.of(
                        RouteDecision.forward(Upstream.of(refused.url())),
                        RouteDecision.forward(upstream.upstream()))))) {
            assertThat(ask(proxy, TRACED).status()).isEqualTo(200);
            List<SpanData> spans = spansOfNext(proxy);
            assertThat(spans)
                    .extracting(TracingTest::labels)
                    .containsExactly("GET apps none connect_failed", "GET apps 200 ok", "GET apps 200 ok");
            assertThat(upstream.awaitRequest(1).header("traceparent"))
                    .contains(spans.get(1).getSpanId());
        }
    }

    @Test
    void clientThatLeaves_isNobodysError() {
        try (var upstream = ScriptedUpstream.start(connection -> {
                    connection.readRequest();
                    connection.awaitEnd();
                });
                var proxy = proxy(RouteDecision.forward(upstream.upstream()))) {
            try (RawClient client = proxy.connect()) {
                client.send("BREW / HTTP/1.1\r\nHost: h\r\n\r\n");
                upstream.awaitRequest(1);
            }
            List<SpanData> spans = spansOfNext(proxy);
            assertThat(spans)
                    .extracting(TracingTest::labels)
                    .containsExactly("other apps none client_closed", "other apps none client_closed");
            assertThat(spans).allMatch(span -> span.getStatus().getStatusCode() == StatusCode.UNSET);
        }
    }

    @Test
    void tunnel_isFollowedToItsEnd() {
        try (var upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                var proxy = proxy(RouteDecision.forward(upstream.upstream()))) {
            try (WebSocketClient socket = WebSocketClient.open(proxy.address(), "h", "/")) {
                socket.sendText("x").read();
                assertThat(exporter.getFinishedSpanItems()).isEmpty();
            }
            assertThat(spansOfNext(proxy))
                    .extracting(span -> label(span, "status"))
                    .containsExactly("101", "101");
        }
    }

    @Test
    void noScope_isLeftOpenOnTheLoop() {
        CompletableFuture<RouteDecision> answer = new CompletableFuture<>();
        Set<String> current = ConcurrentHashMap.newKeySet();
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(new ObservationTracing(registry), request -> {
                    current.add(registry.getCurrentObservation() + " "
                            + Span.current().getSpanContext().isValid());
                    return request.path().equals("/held")
                            ? answer
                            : CompletableFuture.completedFuture(RouteDecision.forward(upstream.upstream()));
                });
                RawClient held = proxy.connect()) {
            held.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n");
            for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) { // on the same loop too
                assertThat(ask(proxy, TRACED).status()).isEqualTo(200);
            }
            answer.complete(RouteDecision.forward(upstream.upstream()));
            assertThat(held.readReply().status()).isEqualTo(200);
            assertThat(current).containsExactly("null false");
        }
    }

    @Test
    void registryThatMakesNoSpans_leavesTheTraceAsItWas() {
        ObservationRegistry counting = ObservationRegistry.create();
        counting.observationConfig().observationHandler((ObservationHandler<Observation.Context>) context -> true);
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(
                        new ObservationTracing(counting),
                        TestProxy.always(RouteDecision.forward(upstream.upstream())))) {
            assertThat(ask(proxy, TRACED).text())
                    .contains("TraceParent: 00-" + TRACE + "-" + PARENT
                            + "-01\r\ntracestate: a=1\r\ntracestate: b=2\r\n");
        }
    }

    @Test
    void tracerThatThrows_changesNothing() {
        ObservationRegistry broken = ObservationRegistry.create();
        broken.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStart(Observation.Context context) {
                if ("sluice.upstream".equals(context.getName())) {
                    throw new IllegalStateException("broken");
                }
            }

            @Override
            public void onStop(Observation.Context context) {
                throw new IllegalStateException("broken");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(
                        new ObservationTracing(broken), TestProxy.always(RouteDecision.forward(upstream.upstream())))) {
            assertThat(ask(proxy, TRACED).status()).isEqualTo(200);
            assertThat(proxy.awaitEnded().failure()).isNull();
        }
        try (var upstream = ScriptedUpstream.start(Scripts.echo());
                var proxy = proxy(
                        request -> {
                            throw new IllegalStateException("broken");
                        },
                        TestProxy.always(RouteDecision.forward(upstream.upstream())))) {
            assertThat(ask(proxy, TRACED).status()).isEqualTo(200);
        }
    }
}
