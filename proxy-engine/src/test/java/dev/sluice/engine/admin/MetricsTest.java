package dev.sluice.engine.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.ProxyFailure;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.testkit.FakeRequest;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    private static ExchangeEnded exchange(int status, ProxyFailure.@Nullable Kind failure, @Nullable String route) {
        long ms = TimeUnit.MILLISECONDS.toNanos(1);
        return new ExchangeEnded(
                FakeRequest.get("http://h/" + status),
                status,
                failure == null ? null : new ProxyFailure(failure, false, null),
                route,
                null,
                new ExchangeEnded.Nanos(2 * ms, 3 * ms, 0, 30 * ms, 40 * ms),
                10,
                100);
    }

    @Test
    void exchanges_areCountedByRouteStatusAndOutcome() {
        metrics.exchangeEnded(exchange(200, null, "apps"));
        metrics.exchangeEnded(exchange(200, null, "apps"));
        metrics.exchangeEnded(exchange(502, ProxyFailure.Kind.CONNECT_FAILED, "apps"));
        metrics.exchangeEnded(exchange(0, ProxyFailure.Kind.CLIENT_CLOSED, null));
        metrics.exchangeEnded(exchange(101, null, "apps"));
        metrics.requestRefused(InetAddress.getLoopbackAddress(), 431, "too much");
        metrics.gauge("sluice.tunnels.open", "tunnels", () -> 7);
        assertThat(metrics.show().body())
                .contains("sluice_exchanges_total{culprit=\"none\",outcome=\"ok\",route=\"apps\",status=\"200\"} 2.0")
                .contains("{culprit=\"upstream\",outcome=\"connect_failed\",route=\"apps\",status=\"502\"} 1.0")
                .contains("{culprit=\"client\",outcome=\"client_closed\",route=\"none\",status=\"none\"} 1.0")
                .contains("sluice_exchange_duration_seconds_bucket{phase=\"first_byte\",route=\"apps\",le=\"0.02\"} 0")
                .contains("sluice_exchange_duration_seconds_bucket{phase=\"first_byte\",route=\"apps\",le=\"0.1\"} 4")
                .contains("sluice_exchange_duration_seconds_count{phase=\"total\",route=\"apps\"} 3")
                .contains("sluice_exchange_duration_seconds_count{phase=\"connect\",route=\"apps\"} 0")
                .contains("sluice_bytes_total{direction=\"to_client\",route=\"apps\"} 400.0")
                .contains("sluice_requests_refused_total{status=\"431\"} 1.0")
                .contains("sluice_tunnels_open 7.0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void whatIsAskedAtEachScrape_isAskedStillWhenGarbageHasBeenCollected() {
        AtomicLong figure = new AtomicLong(1);
        metrics.gauge("sluice.gauge", "rises and falls", figure::get);
        metrics.count("sluice.count", "rises", figure::get);
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        await().until(() -> {
            System.gc();
            return garbage.get() == null;
        });
        figure.set(2);
        assertThat(metrics.show().body()).contains("sluice_gauge 2.0", "sluice_count_total 2.0");
    }

    @Test
    void statusesThatUpstreamsInvent_addOneSeriesInAll() {
        for (int status = 600; status < 1000; status++) {
            metrics.exchangeEnded(exchange(status, null, "apps"));
        }
        assertThat(metrics.show().body().lines().filter(line -> line.startsWith("sluice_exchanges_total")))
                .containsExactly(
                        "sluice_exchanges_total{culprit=\"none\",outcome=\"ok\",route=\"apps\",status=\"other\"} 400.0");
    }

    @Test
    void pluginCalls_areTimedWhenTheyAreAnswered() {
        CompletableFuture<RouteDecision> answer = new CompletableFuture<>();
        RouteResolver slow = metrics.overhear("apps", (RouteResolver) request -> answer);
        RouteResolver broken = metrics.overhear("apps", (RouteResolver) request -> {
            throw new IllegalStateException();
        });
        assertThat(slow.resolve(FakeRequest.get("http://h/"))).isSameAs(answer);
        assertThat(metrics.show().body()).doesNotContain("sluice_plugin_calls_seconds_count{");
        answer.complete(RouteDecision.notFound());
        assertThat(metrics.show().body())
                .contains("sluice_plugin_calls_seconds_count{failed=\"false\",plugin=\"resolver apps\"} 1");
        assertThatThrownBy(() -> broken.resolve(FakeRequest.get("http://h/")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(metrics.show().body())
                .contains("sluice_plugin_calls_seconds_count{failed=\"true\",plugin=\"resolver apps\"} 1");
    }
}
