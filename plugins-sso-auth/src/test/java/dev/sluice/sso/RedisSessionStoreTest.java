package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
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
    static void startRedis() throws IOException {
        redis = new TestRedis();
        timer = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
        timer.shutdownNow();
    }

    @BeforeEach
    void empty() {
        redis.run(commands -> commands.flushall());
    }

    @Override
    SessionStore open() {
        return open(redis.uri());
    }

    private SessionStore open(RedisURI uri) {
        return new RedisSessionStore(uri, "t:", clock, timer);
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
    void lostServer_failsAtOnce_andChangesAreHeardAgainWhenItIsBack() throws IOException {
        Heard heard = new Heard();
        try (TestRedis own = new TestRedis();
                SessionStore store = open(own.uri())) {
            await().until(store::reachable);
            store.listen(heard);
            own.stop();
            await().until(() -> heard.connection.contains("lost"));
            assertThat(store.reachable()).isFalse();
            assertThatThrownBy(() -> store.read("k").toCompletableFuture().join())
                    .hasRootCauseInstanceOf(Exception.class)
                    .satisfies(error -> assertThat(SsoFailure.kindOf(error)).isEqualTo(SsoFailure.Kind.UNAVAILABLE));

            own.restart();
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.connection.contains("regained"));
            done(store.create("k", bytes("one"), in(HOUR)));
            own.run(commands -> commands.del("t:session:k"));
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
