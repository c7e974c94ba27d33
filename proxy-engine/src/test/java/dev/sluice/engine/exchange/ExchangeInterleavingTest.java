package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Fallback;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.engine.exchange.FakeUpstream.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Invariant 5: whatever happens in whatever order, an exchange ends exactly once, its listeners hear one outcome for each
 * forward, and no connection is left that is neither given back nor closed.
 */
class ExchangeInterleavingTest {

    private static final int RUNS = 5_000;

    @Test
    void anyInterleaving_endsExactlyOnceAndLeavesNoConnection() {
        for (long seed = 0; seed < RUNS; seed++) {
            Run run = new Run(seed);
            try {
                run.play();
                run.check();
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + run.story + " -> " + run.rig.client.asked, e);
            }
        }
    }

    /** One exchange, whose plugins, pool and sockets do what chance says. */
    private static final class Run {
        private final Random random;
        private final Rig rig = new Rig();
        private final List<String> story = new ArrayList<>();
        private final List<Runnable> open = new ArrayList<>();
        private ProxyExchange exchange;
        private int forwards;
        private boolean replied;

        @Nullable
        private FakeUpstream hearing;

        @SuppressWarnings("NullAway.Init") // the exchange starts at the end
        Run(long seed) {
            random = new Random(seed);
            rig.authenticator(request -> later(this::identity));
            rig.resolver(request -> later(this::route), (request, failure) -> later(this::route));
            rig.pool(upstream -> {
                forwards++;
                return later(() -> rig.connection(random.nextBoolean()));
            });
            rig.client.canReplay = random.nextBoolean();
            rig.client.whenTouched = () -> {
                if (random.nextInt(12) == 0) {
                    step("client found gone", rig::clientFoundGone);
                }
            };
            exchange = random.nextInt(5) == 0 ? rig.startWebSocket() : rig.start();
        }

        private AuthDecision identity() {
            return switch (random.nextInt(6)) {
                case 0 -> AuthDecision.abstain();
                case 1 -> AuthDecision.respond(LocalResponse.status(401));
                default -> AuthDecision.proceed(Identity.ANONYMOUS);
            };
        }

        private RouteDecision route() {
            return switch (random.nextInt(8)) {
                case 0 -> RouteDecision.notFound();
                case 1 -> RouteDecision.respond(LocalResponse.status(200));
                case 2 -> new RouteDecision.Unready(Duration.ofSeconds(1), rig.forward());
                case 3 -> rig.forward().withFallback(new Fallback(Set.of(Kind.values()), rig.forward(Rig.OTHER)));
                default -> rig.forward();
            };
        }

        /** An answer now or later, right or wrong. */
        private <T> CompletableFuture<T> later(Supplier<? extends T> value) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            Consumer<String> give = how -> {
                story.add(how);
                if (random.nextInt(5) == 0) {
                    answer.completeExceptionally(new IllegalStateException("chance"));
                } else {
                    answer.complete(value.get());
                }
            };
            if (random.nextBoolean()) {
                give.accept("answer");
            } else {
                open.add(() -> give.accept("late answer"));
            }
            return answer;
        }

        void play() {
            for (int step = 0; step < 30; step++) {
                follow();
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> {
                        if (!open.isEmpty()) {
                            open.remove(random.nextInt(open.size())).run();
                        }
                    }
                    case 3, 4 -> rig.loop.run();
                    case 5 -> step("deadline", exchange::onDeadline);
                    case 6 -> {
                        if (random.nextInt(4) == 0) {
                            step("client closed", () -> exchange.fail(Kind.CLIENT_CLOSED, null));
                        }
                    }
                    default -> upstream();
                }
                rig.client.bodyUntouched &= random.nextInt(10) > 0;
            }
            step("client closed", () -> exchange.fail(Kind.CLIENT_CLOSED, null));
            open.forEach(Runnable::run);
            rig.loop.run();
        }

        /** The connection that the exchange sends on, if it has a new one. */
        private void follow() {
            FakeUpstream now = rig.client.sentTo;
            if (now != hearing) {
                hearing = now;
                replied = false;
            }
        }

        /** What an upstream may do while its exchange listens: nothing behind the end, one head only. */
        private void upstream() {
            FakeUpstream from = hearing;
            if (from == null || from.state != State.HELD) {
                return;
            }
            switch (random.nextInt(5)) {
                case 0 -> step("sent", exchange::onRequestSent);
                case 1 -> {
                    if (!replied) {
                        step("interim", () -> exchange.onInterimReply(Rig.reply(103)));
                    }
                }
                case 2 -> {
                    if (!replied) {
                        replied = true;
                        boolean tunnel = exchange.request().webSocket() && random.nextBoolean();
                        step("reply", () -> exchange.onReply(Rig.reply(tunnel ? 101 : 200)));
                    }
                }
                case 3 -> {
                    if (replied) {
                        step("end", exchange::onEnd);
                    }
                }
                default -> step("upstream closed", () -> exchange.onUpstreamClosed(null));
            }
        }

        private void step(String what, Runnable event) {
            story.add(what);
            event.run();
        }

        void check() {
            assertThat(rig.client.finishedTimes()).isEqualTo(1);
            assertThat(rig.client.asked.get(rig.client.asked.size() - 1)).isEqualTo("finished");
            assertThat(rig.client.asked.stream().filter(what -> what.startsWith("respond") || what.startsWith("relay")))
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(rig.connections).extracting(c -> c.state).doesNotContain(State.HELD);
            long retries =
                    rig.acquired.stream().filter(a -> a.endsWith("fresh")).count();
            long outcomes =
                    rig.heard.stream().filter(h -> h.startsWith("outcome")).count();
            assertThat(outcomes).isEqualTo(forwards - retries);
            for (int i = 0; i < rig.heard.size(); i++) {
                if (rig.heard.get(i).startsWith("response")) {
                    assertThat(rig.heard.get(i + 1)).as("behind a response").startsWith("outcome");
                }
            }
        }
    }
}
