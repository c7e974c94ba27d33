package com.example.proxy;

import dev.sluice.api.spi.PluginContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of Services that is read again and again. A version that cannot be used is logged once, and the last good one
 * stays in force.
 *
 * <p>Content is compared, not times: two versions may be written within one tick of the file system's clock, and a
 * mounted ConfigMap changes by a symbolic link that moves.
 */
final class WatchedServiceFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedServiceFile.class);

    private final Path file;
    private final Future<?> checks;
    private volatile ServiceTable table;

    // Guarded by this.
    private String lastText;
    private String lastComplaint = "";

    /** @throws ServiceFileException if there is no good version to begin with */
    WatchedServiceFile(Path file, Duration every, PluginContext context) throws ServiceFileException {
        this.file = file;
        lastText = read();
        table = ServiceFile.parse(file.toString(), lastText);
        checks = context.timer()
                .scheduleWithFixedDelay(
                        () -> checkOn(context), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    ServiceTable table() {
        return table;
    }

    /** The timer's thread must not wait for a disk. */
    private void checkOn(PluginContext context) {
        try {
            context.blocking().execute(this::check);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: no thread to read it now, the next check comes soon", file);
        }
    }

    private synchronized void check() {
        try {
            String text = read();
            if (!text.equals(lastText)) {
                lastText = text;
                table = ServiceFile.parse(file.toString(), text);
                LOG.info("{}: {} services", file, table.size());
            }
            lastComplaint = "";
        } catch (ServiceFileException e) {
            complainOnce(e.getMessage());
        }
    }

    private String read() throws ServiceFileException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ServiceFileException(file + ": " + e.getClass().getSimpleName() + " (expected: a text to read)");
        }
    }

    private void complainOnce(String complaint) {
        if (!complaint.equals(lastComplaint)) {
            lastComplaint = complaint;
            LOG.warn("{}; the last good version stays in force", complaint);
        }
    }

    @Override
    public void close() {
        checks.cancel(false);
    }
}
