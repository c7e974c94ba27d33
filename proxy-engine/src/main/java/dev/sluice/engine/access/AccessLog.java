package dev.sluice.engine.access;

import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.ProxyEvents;
import java.net.InetAddress;
import java.time.Clock;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each exchange, and for each request that was refused, to the logger {@value #LOGGER}. Where lines go,
 * and how files are rotated, is the business of the logging library that a deployment has anyway.
 *
 * <p>A logging library may block, on a full disk or a pipe that nobody reads. So event loops put lines into a bounded queue,
 * which a thread of its own empties: when it cannot, lines are dropped and counted, and requests are not held up.
 */
public final class AccessLog implements ProxyEvents, AutoCloseable {

    public static final String LOGGER = "dev.sluice.access";

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int MOST_WAITING = 4096;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LAST_LINES_MILLIS = 5000;

    private final Logger logger;
    private final AccessFormat format;
    private final Clock clock;
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final Thread writer = new Thread(this::write, "sluice-access-log");
    private volatile boolean closed;

    private AccessLog(Logger logger, AccessFormat format, Clock clock) {
        this.logger = logger;
        this.format = format;
        this.clock = clock;
    }

    /** @throws IllegalStateException if nobody listens to the logger, so that the lines would be lost */
    public static AccessLog start(AccessFormat format, Clock clock) {
        Logger logger = LoggerFactory.getLogger(LOGGER);
        if (!logger.isInfoEnabled()) {
            throw new IllegalStateException("nobody listens to the logger " + LOGGER
                    + " (expected: an SLF4J provider such as logback-classic among the jars, and this logger at INFO)");
        }
        return start(logger, format, clock);
    }

    static AccessLog start(Logger logger, AccessFormat format, Clock clock) {
        AccessLog log = new AccessLog(logger, format, clock);
        log.writer.setDaemon(true);
        log.writer.start();
        return log;
    }

    /** How many lines could not be written. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void exchangeEnded(ExchangeEnded exchange) {
        offer(format.exchange(exchange, clock.instant()));
    }

    @Override
    public void requestRefused(InetAddress client, int status, String reason) {
        offer(format.refused(client, status, reason, clock.instant()));
    }

    private void offer(String line) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            dropped.increment();
        } else {
            lines.add(line);
        }
    }

    private void write() {
        long told = 0;
        while (true) {
            boolean last = closed;
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                waiting.decrementAndGet();
                logger.info(line);
            }
            if (dropped() > told) {
                LOG.warn(
                        "{} lines of the access log were dropped: they came faster than they could be written",
                        dropped() - told);
                told = dropped();
            }
            if (last) {
                return;
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    /** Writes what is waiting, if that is possible within a few seconds. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(LAST_LINES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
