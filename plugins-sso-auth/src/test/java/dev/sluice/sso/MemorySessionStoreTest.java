package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.ManualTimer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MemorySessionStoreTest extends SessionStoreContract {

    private final ManualTimer timer = new ManualTimer(clock);

    @Override
    SessionStore open() {
        return new MemorySessionStore(clock, timer);
    }

    @Test
    void expired_isToldToTheListener() {
        try (SessionStore store = open()) {
            Heard heard = new Heard();
            store.listen(heard);
            done(store.create("k", bytes("one"), in(HOUR)));
            timer.advance(HOUR.minusSeconds(20));
            assertThat(heard.changes).isEmpty();
            timer.advance(Duration.ofSeconds(30));

            assertThat(heard.changes).containsExactly("k");
        }
    }
}
