package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManualTimerTest {

    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final ManualTimer timer = new ManualTimer(clock);
    private final List<String> ran = new ArrayList<>();

    private Runnable note(String name) {
        return () -> ran.add(name + "@" + clock.instant().getEpochSecond());
    }

    @Test
    void advance_runsEachTaskAtItsTime_inOrder() {
        timer.schedule(note("late"), 5, TimeUnit.SECONDS);
        timer.schedule(note("early"), 1, TimeUnit.SECONDS);
        timer.schedule(note("same"), 1, TimeUnit.SECONDS);
        timer.execute(note("now"));
        assertThat(ran).isEmpty();

        timer.advance(Duration.ofSeconds(4));
        assertThat(ran).containsExactly("now@0", "early@1", "same@1");
        assertThat(timer.pending()).isEqualTo(1);
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(4));

        timer.advance(Duration.ofSeconds(1));
        assertThat(ran).endsWith("late@5");
    }

    @Test
    void advance_runsWhatTasksSchedule() {
        timer.schedule(() -> timer.schedule(note("inner"), 1, TimeUnit.SECONDS), 1, TimeUnit.SECONDS);
        timer.advance(Duration.ofSeconds(2));
        assertThat(ran).containsExactly("inner@2");
    }

    @Test
    void periodicTasks_repeatUntilCancelledOrFailed() {
        var rate = timer.scheduleAtFixedRate(note("rate"), 1, 2, TimeUnit.SECONDS);
        var delay = timer.scheduleWithFixedDelay(
                () -> {
                    note("fails").run();
                    throw new IllegalStateException();
                },
                2,
                1,
                TimeUnit.SECONDS);
        timer.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly("rate@1", "fails@2", "rate@3", "rate@5");
        assertThat(delay.isDone()).isTrue();

        rate.cancel(false);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void shutdown_refusesTasks() {
        timer.shutdownNow();
        assertThatThrownBy(() -> timer.execute(note("never"))).isInstanceOf(RejectedExecutionException.class);
        assertThat(timer.isTerminated()).isTrue();
    }
}
