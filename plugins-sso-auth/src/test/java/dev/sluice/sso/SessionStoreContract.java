package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every session store does; run for each of them, on a clock that the test moves. */
abstract class SessionStoreContract {

    static final Duration HOUR = Duration.ofHours(1);

    final ManualClock clock = new ManualClock(Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
    SessionStore store;

    abstract SessionStore open();

    @BeforeEach
    void openStore() {
        store = open();
        await().pollInterval(Duration.ofMillis(10)).until(store::reachable);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void created_isRead() {
        done(store.create("k", bytes("one"), in(HOUR)));

        SessionStore.Stored stored = done(store.read("k")).orElseThrow();
        assertThat(stored.sealed()).isEqualTo(bytes("one"));
        assertThat(stored.version()).isEqualTo(1);
        assertThat(stored.expiresAt()).isEqualTo(in(HOUR));
    }

    @Test
    void unknown_isEmpty() {
        assertThat(done(store.read("k"))).isEmpty();
        assertThat(done(store.touch("k", in(HOUR)))).isFalse();
        assertThat(done(store.replace("k", 1, bytes("x")))).isFalse();
        assertThat(done(store.delete("k"))).isFalse();
        assertThat(done(store.members("g"))).isEmpty();
    }

    @Test
    void expired_isGoneForEveryOperation() {
        done(store.create("k", bytes("one"), in(HOUR)));
        clock.advance(HOUR);

        assertThat(done(store.read("k"))).isEmpty();
        assertThat(done(store.touch("k", in(HOUR)))).isFalse();
        assertThat(done(store.replace("k", 1, bytes("x")))).isFalse();
        assertThat(done(store.delete("k"))).isFalse();
    }

    @Test
    void touched_livesLonger_andKeepsRecordAndVersion() {
        done(store.create("k", bytes("one"), in(HOUR)));
        clock.advance(HOUR.minusSeconds(1));
        assertThat(done(store.touch("k", in(HOUR)))).isTrue();
        clock.advance(HOUR.minusSeconds(1));

        SessionStore.Stored stored = done(store.read("k")).orElseThrow();
        assertThat(stored.sealed()).isEqualTo(bytes("one"));
        assertThat(stored.version()).isEqualTo(1);
    }

    @Test
    void replaced_hasTheNextVersion_andTheSameEnd() {
        done(store.create("k", bytes("one"), in(HOUR)));

        assertThat(done(store.replace("k", 1, bytes("two")))).isTrue();
        SessionStore.Stored stored = done(store.read("k")).orElseThrow();
        assertThat(stored.sealed()).isEqualTo(bytes("two"));
        assertThat(stored.version()).isEqualTo(2);
        assertThat(stored.expiresAt()).isEqualTo(in(HOUR));
    }

    @Test
    void replacedByTwo_oneWins() {
        done(store.create("k", bytes("one"), in(HOUR)));

        assertThat(done(store.replace("k", 1, bytes("two")))).isTrue();
        assertThat(done(store.replace("k", 1, bytes("three")))).isFalse();
        assertThat(done(store.read("k")).orElseThrow().sealed()).isEqualTo(bytes("two"));
    }

    @Test
    void deletedByMany_oneWins() {
        done(store.create("k", bytes("one"), in(HOUR)));

        List<CompletionStage<Boolean>> all =
                IntStream.range(0, 20).mapToObj(i -> store.delete("k")).toList();
        assertThat(all.stream().filter(SessionStoreContract::done)).hasSize(1);
        assertThat(done(store.read("k"))).isEmpty();
    }

    @Test
    void members_areThoseThatJoined() {
        done(store.join("g", "a", in(HOUR)));
        done(store.join("g", "b", in(HOUR)));
        done(store.join("other", "c", in(HOUR)));

        assertThat(done(store.members("g"))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void lease_isOneOwners_untilReleased() {
        assertThat(done(store.lease("l", "me", HOUR))).isTrue();
        assertThat(done(store.lease("l", "you", HOUR))).isFalse();
        assertThat(done(store.lease("l", "me", HOUR))).isTrue();
        done(store.release("l", "you"));
        assertThat(done(store.lease("l", "you", HOUR))).isFalse();
        done(store.release("l", "me"));
        assertThat(done(store.lease("l", "you", HOUR))).isTrue();
    }

    @Test
    void lease_ends_ofItself() {
        Duration life = Duration.ofMillis(100);
        assertThat(done(store.lease("l", "me", life))).isTrue();
        clock.advance(life);

        await().until(() -> done(store.lease("l", "you", HOUR)));
    }

    /** What one test hears of changes. */
    static final class Heard implements SessionStore.Listener {
        final List<String> changes = new CopyOnWriteArrayList<>();
        final List<String> connection = new CopyOnWriteArrayList<>();

        @Override
        public void changed(String key) {
            changes.add(key);
        }

        @Override
        public void lost() {
            connection.add("lost");
        }

        @Override
        public void regained() {
            connection.add("regained");
        }
    }

    static byte[] bytes(String text) {
        return Secrets.utf8(text);
    }

    Instant in(Duration duration) {
        return clock.instant().plus(duration);
    }

    static <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
