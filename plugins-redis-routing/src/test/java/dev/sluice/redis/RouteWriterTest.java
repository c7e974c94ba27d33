package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.api.ForwardListener;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RouteWriterTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(RouteWriter.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final RouteTable table = new RouteTable();
    private final RouteWriter writer =
            new RouteWriter("r:", new RouteParser("groups"), key -> ForwardListener.NONE, Clock.systemUTC());

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void invalidRoute_isLoggedOnce_andAgainWhenItIsInvalidAgain() {
        Map<String, String> bad = Map.of("upstream", "http://x", "trust", "maybe");
        write("r:a.test", bad);
        write("r:a.test", bad);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("route r:a.test: trust: maybe (expected: trusted or untrusted); it answers 503");

        write("r:a.test", Map.of("upstream", "http://x"));
        write("r:a.test", bad);
        assertThat(log.list).hasSize(2);
        assertThat(log.list.get(1).getFormattedMessage()).endsWith("; the last good route stays in force");
    }

    @Test
    void badKeyThatIsDeleted_isForgotten() {
        write("r:A.test", Map.of("upstream", "http://x"));
        write("r:A.test", Map.of());
        write("r:A.test", Map.of("upstream", "http://x"));
        assertThat(log.list).hasSize(2);
        assertThat(table.size()).isZero();
    }

    private void write(String key, Map<String, String> hash) {
        writer.write(table, table, key, hash, -1);
    }
}
