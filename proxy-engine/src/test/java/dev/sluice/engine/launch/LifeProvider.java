package dev.sluice.engine.launch;

import com.google.auto.service.AutoService;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Readiness;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.RouteResolverProvider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends everything to one upstream, and remembers which of its plugins have been made and closed. */
@AutoService(RouteResolverProvider.class)
public final class LifeProvider implements RouteResolverProvider {

    static final List<Life> MADE = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
        return "life";
    }

    @Override
    public RouteResolver create(PluginContext context) {
        Life life = new Life(
                Upstream.of(context.config().uri("upstream")), context.config().string("not-ready", ""));
        if (context.config().bool("fails", false)) {
            throw context.config().wrong("fails", "true (expected: false)");
        }
        MADE.add(life);
        return life;
    }

    static final class Life implements RouteResolver {

        final AtomicInteger closed = new AtomicInteger();
        private final RouteDecision everything;
        private final String notReady;

        Life(Upstream upstream, String notReady) {
            this.everything = RouteDecision.forward(upstream);
            this.notReady = notReady;
        }

        @Override
        public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
            if (closed.get() > 0) {
                throw new IllegalStateException("closed");
            }
            return CompletableFuture.completedFuture(everything);
        }

        @Override
        public Readiness readiness() {
            return notReady.isEmpty() ? Readiness.READY : Readiness.notReady(notReady);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
