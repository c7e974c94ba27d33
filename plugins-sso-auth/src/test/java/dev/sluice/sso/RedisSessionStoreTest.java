package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.config.HoconConfig;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RedisSessionStoreTest extends SessionStoreContract {

    private static TestRedis redis;
    private static ScheduledExecutorService timer;

    @BeforeAll
    static void startRedis() {
        redis = new TestRedis();
        timer = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
        timer.shutdownNow();
    }

    @BeforeEach
    void empty() {
        redis.run(commands -> commands.flushall());
    }

    @Override
    SessionStore open() {
        return open(redis.url());
    }

    private SessionStore open(String url, String... more) {
        return new RedisSessionStore(settings(url, more), "t:", clock, timer);
    }

    private static RedisSettings settings(String url, String... more) {
        return RedisSettings.read(HoconConfig.parse("url = \"" + url + "\"\n" + String.join("\n", more)));
    }

    @Test
    void changesByOthers_areHeard() {
        Heard heard = new Heard();
        try (SessionStore mine = open();
                SessionStore others = open()) {
            mine.listen(heard);
            await().until(() -> mine.reachable() && others.reachable());
            done(others.create("a", bytes("one"), in(HOUR)));
            await().until(() -> heard.changes.contains("a"));
            heard.changes.clear();
            done(others.delete("a"));
            await().until(() -> heard.changes.contains("a"));
            heard.changes.clear();

            done(others.create("b", bytes("one"), in(HOUR)));
            await().until(() -> heard.changes.contains("b"));
            heard.changes.clear();
            redis.run(commands -> commands.del("t:session:b"));
            await().atMost(Duration.ofMillis(500)).until(() -> heard.changes.contains("b"));
        }
    }

    @Test
    void flushedServer_countsAsMissedChanges() {
        Heard heard = new Heard();
        try (SessionStore store = open()) {
            await().until(store::reachable);
            store.listen(heard);
            redis.run(commands -> commands.flushall());
            await().until(() -> heard.connection.contains("regained"));
        }
    }

    @Test
    void lostServer_failsAtOnce_andChangesAreHeardAgainWhenItIsBack() {
        Heard heard = new Heard();
        try (TestRedis own = new TestRedis();
                SessionStore store = open(own.url())) {
            await().until(store::reachable);
            store.listen(heard);
            own.stop();
            await().until(() -> heard.connection.contains("lost"));
            assertThat(store.reachable()).isFalse();
            assertUnavailable(store.read("k"));

            own.restart();
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.connection.contains("regained"));
            done(store.create("k", bytes("one"), in(HOUR)));
            own.run(commands -> commands.del("t:session:k"));
            await().until(() -> heard.changes.contains("k"));
        }
    }

    /** Behind a name or an address that stays, a fail-over may leave the connection where it was. */
    @Test
    void serverThatIsNoMasterAnyMore_isLeft_andTheNextOneFound() {
        Heard heard = new Heard();
        try (TestRedis own = new TestRedis();
                SessionStore store = open(own.url())) {
            await().until(store::reachable);
            store.listen(heard);
            own.run(commands -> commands.replicaof("127.0.0.1", 1));
            assertUnavailable(store.create("k", bytes("one"), in(HOUR)));
            await().until(() -> heard.connection.contains("lost"));

            own.run(commands -> commands.replicaofNoOne());
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
                done(store.create("k", bytes("one"), in(HOUR)));
                assertThat(heard.connection.get(heard.connection.size() - 1)).isEqualTo("regained");
            });
        }
    }

    @Test
    void serverThatHangs_isNoticed_andNobodyWaitsForLong() {
        Heard heard = new Heard();
        try (TestRedis own = new TestRedis();
                SessionStore store = open(own.url(), "timeout = 500ms")) {
            await().until(store::reachable);
            store.listen(heard);
            own.freeze();
            assertUnavailable(store.read("k"));
            await().atMost(Duration.ofSeconds(10)).until(() -> heard.connection.contains("lost"));
            assertThat(store.read("k").toCompletableFuture()).isCompletedExceptionally();

            own.thaw();
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.connection.contains("regained"));
            assertThat(done(store.read("k"))).isEmpty();
        }
    }

    private static void assertUnavailable(CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .satisfies(error -> assertThat(SsoFailure.kindOf(Objects.requireNonNull(error.getCause())))
                        .isEqualTo(SsoFailure.Kind.UNAVAILABLE))
                .withMessageContaining("session store: ");
    }

    @Test
    void userWithFewRights_suffices() {
        redis.addUser("~t:*");
        try (SessionStore store = open(redis.userUrl())) {
            Heard heard = new Heard();
            store.listen(heard);
            await().until(store::reachable);
            done(store.create("k", bytes("one"), in(HOUR)));
            done(store.join("g", "k", in(HOUR)));
            assertThat(done(store.touch("k", in(HOUR)))).isTrue();
            assertThat(done(store.replace("k", 1, bytes("two")))).isTrue();
            assertThat(done(store.read("k"))).isPresent();
            assertThat(done(store.members("g"))).containsExactly("k");
            assertThat(done(store.lease("l", "me", HOUR))).isTrue();
            done(store.release("l", "me"));
            heard.changes.clear();
            assertThat(done(store.delete("k"))).isTrue();
            await().until(() -> heard.changes.contains("k"));
        }
    }

    @Test
    void nothingInRedis_isReadable() {
        try (SessionStore store = open()) {
            await().until(store::reachable);
            KeyRing keys = KeyRing.random();
            SessionTicket ticket = SessionTicket.random();
            byte[] sealed = new SessionCodec(keys).seal(ticket, TestRecords.of("alice", clock.instant()));
            done(store.create(ticket.key(), sealed, in(HOUR)));

            String all = redis.run(commands -> {
                StringBuilder dump = new StringBuilder();
                commands.keys("*").forEach(key -> dump.append(key).append(commands.hgetall(key)));
                return dump.toString();
            });
            assertThat(all)
                    .contains(ticket.key())
                    .doesNotContain("alice")
                    .doesNotContain("refresh-token")
                    .doesNotContain(ticket.id())
                    .doesNotContain(ticket.text());
        }
    }
}
