package dev.sluice.engine.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AccessLogTest {

    private final CountDownLatch unblock = new CountDownLatch(1);
    private final List<String> written = new CopyOnWriteArrayList<>();

    /** As a file on a full disk or a pipe that nobody reads would. */
    private Logger blockingLogger() {
        LoggerContext context = new LoggerContext();
        Logger logger = context.getLogger("blocking");
        logger.setLevel(Level.INFO);
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                try {
                    unblock.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                written.add(event.getFormattedMessage());
            }
        };
        appender.setContext(context);
        appender.start();
        logger.addAppender(appender);
        return logger;
    }

    @Test
    void blockedLogger_dropsLinesAndHoldsNobodyUp() {
        AccessLog log = AccessLog.start(blockingLogger(), AccessFormat.TEXT, Clock.systemUTC());
        for (int i = 0; i < 10_000; i++) {
            log.requestRefused(InetAddress.getLoopbackAddress(), 400, "nr. " + i + " {}");
        }
        assertThat(log.dropped()).isBetween(5000L, 6000L);
        unblock.countDown();
        log.close();
        assertThat(written.size() + log.dropped()).isEqualTo(10_000);
        assertThat(written.get(17)).contains("reason=\"nr. 17 {}\"");
    }

    @Test
    void lines_areWrittenSoonWithoutBeingAskedFor() {
        unblock.countDown();
        try (AccessLog log = AccessLog.start(blockingLogger(), AccessFormat.JSON, Clock.systemUTC())) {
            log.requestRefused(InetAddress.getLoopbackAddress(), 431, "too much");
            await().until(() -> written.size() == 1);
        }
    }
}
