package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UpstreamPlacesTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void placesThatAreTaken_areGivenOnInTurn() {
        var places = new UpstreamPlaces(2, 10);
        assertThat(places.tryEnter()).isTrue();
        assertThat(places.tryEnter()).isTrue();
        assertThat(places.tryEnter()).isFalse();
        var first = enter(places);
        var second = enter(places);
        assertThat(places.waiting()).isEqualTo(2);
        places.leave();
        assertThat(first).isCompletedWithValue(places);
        assertThat(second).isNotDone();
        places.leave();
        assertThat(second).isCompleted();
        places.leave();
        places.leave();
        assertThat(places.taken()).isZero();
        assertThat(places.waiting()).isZero();
    }

    @Test
    void newcomer_doesNotOvertakeThoseWhoWait() {
        var places = new UpstreamPlaces(1, 10);
        assertThat(places.tryEnter()).isTrue();
        enter(places);
        places.leave();
        assertThat(places.tryEnter()).as("the one who waited has it").isFalse();
    }

    @Test
    void queueThatIsFull_refusesAtOnce() {
        var places = new UpstreamPlaces(1, 1);
        assertThat(places.tryEnter()).isTrue();
        var waiting = enter(places);
        assertThatThrownBy(() -> enter(places).join())
                .hasRootCauseMessage("1 exchanges under way with the upstream, 1 waiting");
        assertThat(waiting).isNotDone();
        places.leave();
        assertThat(waiting).isCompleted();
    }

    @Test
    void thoseWhoLostPatience_makeRoomInTheQueue() {
        var places = new UpstreamPlaces(1, 1);
        assertThat(places.tryEnter()).isTrue();
        var gone = places.enter(Duration.ZERO).toCompletableFuture();
        var waiting = enter(places);
        assertThat(places.waiting()).isEqualTo(1);
        places.leave();
        assertThat(waiting).isCompleted();
        assertThat(gone).isNotDone();
        places.leave();
        assertThat(places.taken()).isZero();
    }

    @Test
    void thoseWhoLeaveAtOnce_doNotRecurse() {
        var places = new UpstreamPlaces(1, 100_000);
        assertThat(places.tryEnter()).isTrue();
        for (int i = 0; i < 100_000; i++) {
            enter(places).thenAccept(UpstreamPlaces::leave);
        }
        places.leave();
        assertThat(places.taken()).isZero();
        assertThat(places.waiting()).isZero();
    }

    @Test
    void retired_givesNoPlaceToAnybody() {
        var places = new UpstreamPlaces(1, 1);
        assertThat(places.tryEnter()).isTrue();
        assertThat(places.retire()).isFalse();
        places.leave();
        assertThat(places.retire()).isTrue();
        assertThat(places.tryEnter()).isFalse();
        assertThat(enter(places)).isCompletedExceptionally();
    }

    @Test
    void manyThreads_neverHaveMorePlacesThanThereAreAndAllHaveTheirTurn() throws Exception {
        int threads = 4;
        int rounds = 20_000;
        int most = 3;
        var places = new UpstreamPlaces(most, threads * rounds);
        var inside = new AtomicInteger();
        var highest = new AtomicInteger();
        var done = new CountDownLatch(threads * rounds);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Runnable visit = () -> {
            highest.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            inside.decrementAndGet();
            places.leave();
            done.countDown();
        };
        try {
            for (int t = 0; t < threads; t++) {
                pool.execute(() -> {
                    for (int i = 0; i < rounds; i++) {
                        if (places.tryEnter()) {
                            visit.run();
                        } else {
                            places.enter(LONG).thenRun(visit);
                        }
                    }
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS))
                    .as("all had their turn")
                    .isTrue();
        } finally {
            pool.shutdownNow();
        }
        assertThat(highest.get()).isBetween(1, most);
        assertThat(places.taken()).isZero();
        assertThat(places.waiting()).isZero();
    }

    private static CompletableFuture<UpstreamPlaces> enter(UpstreamPlaces places) {
        return places.enter(LONG).toCompletableFuture();
    }
}
