package dev.sluice.testkit.contract;

import dev.sluice.api.Fallback;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.testkit.FakeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The suite tells a good resolver from those that break one promise each. */
class RouteResolverContractTest {

    /** Sends {@code app} to an upstream, waits for {@code starting}, and keeps all promises; its heirs break one each. */
    static class Good extends RouteResolverContract implements RouteResolver {
        static final RouteDecision.Forward ADMIN = RouteDecision.forward(Upstream.of("http://127.0.0.1:8000"));

        @Override
        protected RouteResolver resolver() {
            return this;
        }

        @Override
        protected List<ProxyRequest> requests() {
            Identity user = Identity.of("u");
            return List.of(
                    FakeRequest.get("http://app/").withIdentity(user),
                    FakeRequest.of("POST", "http://starting/").withIdentity(user),
                    FakeRequest.webSocket("http://app/ws").withIdentity(user),
                    FakeRequest.get("http://nobody/").withIdentity(user));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("control-plane-key");
        }

        @Override
        public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
            return CompletableFuture.supplyAsync(() -> decide(request));
        }

        RouteDecision decide(ProxyRequest request) {
            return switch (request.host()) {
                case "app" -> RouteDecision.forward(Upstream.of("http://127.0.0.1:9000"));
                case "starting" -> new RouteDecision.Unready(Duration.ofSeconds(3), page());
                default -> RouteDecision.notFound();
            };
        }

        RouteDecision page() {
            return ADMIN.withRewrite(Rewrite.NONE.asPage("/starting"));
        }

        @Override
        public CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
            return CompletableFuture.completedFuture(RouteDecision.respond(LocalResponse.text(502, "sorry")));
        }
    }

    @Test
    void good_passes() {
        Suites.assertPasses(Good.class, 8);
    }

    @SuppressWarnings("NullAway") // that it returns null is its defect
    static class NullDecision extends Good {
        @Override
        RouteDecision decide(ProxyRequest request) {
            return request.host().equals("nobody") ? null : super.decide(request);
        }
    }

    static class FindsNothing extends Good {
        @Override
        RouteDecision decide(ProxyRequest request) {
            return RouteDecision.notFound();
        }
    }

    @Test
    void noAnswer_fails() {
        Suites.assertFails(
                NullDecision.class,
                "everyRequest_isDecidedInTime",
                "everyFailure_isAnsweredInTime",
                "callingThread_isNotHeldUp",
                "manyThreads_areServedAtOnce",
                "pages_areNotGivenTheRequestsBody",
                "unready_namesAWaitThatIsNotNegative",
                "secrets_stayOutOfToString");
        Suites.assertFails(FindsNothing.class, "everyRequest_isDecidedInTime");
    }

    @SuppressWarnings("NullAway") // that it returns null is its defect
    static class NullOnFailure extends Good {
        @Override
        public CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
            return failure.kind() == ProxyFailure.Kind.UPSTREAM_IDLE ? null : super.onFailure(request, failure);
        }
    }

    @Test
    void noAnswerToAFailure_fails() {
        Suites.assertFails(
                NullOnFailure.class,
                "everyFailure_isAnsweredInTime",
                "callingThread_isNotHeldUp",
                "pages_areNotGivenTheRequestsBody");
    }

    static class Blocks extends Good {
        @Override
        public CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
            CompletableFuture<RouteDecision> later = CompletableFuture.supplyAsync(
                    RouteDecision::notFound, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
            return CompletableFuture.completedFuture(later.join());
        }
    }

    @Test
    void holdingUpTheCallingThread_fails() {
        Suites.assertFails(Blocks.class, "callingThread_isNotHeldUp");
    }

    /** Loses routes under concurrency: only one caller at a time is served. */
    static class ServesOne extends Good {
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        RouteDecision decide(ProxyRequest request) {
            try {
                long end = System.nanoTime() + Duration.ofMillis(1).toNanos();
                boolean alone = inside.incrementAndGet() == 1;
                while (alone && inside.get() == 1 && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                return inside.get() == 1 ? super.decide(request) : RouteDecision.notFound();
            } finally {
                inside.decrementAndGet();
            }
        }

        @Override
        public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
            return CompletableFuture.completedFuture(decide(request));
        }
    }

    @Test
    void losingRoutesInACrowd_fails() {
        Suites.assertFails(ServesOne.class, "manyThreads_areServedAtOnce");
    }

    static class UploadsToThePage extends Good {
        @Override
        RouteDecision page() {
            return ADMIN;
        }
    }

    static class UploadsToTheErrorPage extends Good {
        @Override
        public CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
            return CompletableFuture.completedFuture(ADMIN);
        }
    }

    static class UploadsToTheFallbacksPage extends Good {
        @Override
        RouteDecision decide(ProxyRequest request) {
            var unready = new RouteDecision.Unready(Duration.ofSeconds(1), ADMIN);
            return ADMIN.withFallback(new Fallback(Set.of(ProxyFailure.Kind.CONNECT_FAILED), unready));
        }
    }

    @Test
    void givingAPageTheBody_fails() {
        Suites.assertFails(UploadsToThePage.class, "pages_areNotGivenTheRequestsBody");
        Suites.assertFails(UploadsToTheErrorPage.class, "pages_areNotGivenTheRequestsBody");
        Suites.assertFails(UploadsToTheFallbacksPage.class, "pages_areNotGivenTheRequestsBody");
    }

    static class NegativeWait extends Good {
        @Override
        RouteDecision decide(ProxyRequest request) {
            return new RouteDecision.Unready(Duration.ofSeconds(-1), page());
        }
    }

    @Test
    void aNegativeWait_fails() {
        Suites.assertFails(NegativeWait.class, "unready_namesAWaitThatIsNotNegative");
    }

    static class ShowsItsSecret extends Good {
        @Override
        RouteDecision page() {
            return ADMIN.withRewrite(new Rewrite(
                    Optional.empty(),
                    Optional.of("/p?key=control-plane-key"),
                    Rewrite.NONE.host(),
                    Rewrite.NONE.headers(),
                    Rewrite.Body.DROP));
        }
    }

    static class ClosesOnce extends Good {
        private boolean closed;

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            closed = true;
        }
    }

    @Test
    void showingSecretsAndClosingOnce_fail() {
        Suites.assertFails(ShowsItsSecret.class, "secrets_stayOutOfToString");
        Suites.assertFails(ClosesOnce.class, "close_mayBeRepeated");
    }
}
