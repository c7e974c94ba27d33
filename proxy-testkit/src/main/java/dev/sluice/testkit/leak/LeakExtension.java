package dev.sluice.testkit.leak;

import com.google.auto.service.AutoService;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class after which a Netty buffer became garbage without having been released, and shows where the buffer
 * had been. What comes to light only after the last class fails the run.
 *
 * <p>It registers itself where {@code junit.jupiter.extensions.autodetection.enabled=true} is set in a module's
 * {@code junit-platform.properties}. It needs the leak detection's level {@code paranoid}, which it sets itself unless
 * {@code io.netty.leakDetection.level} says something else; then it refuses to run. More of a buffer's past shows with
 * {@code -Dio.netty.leakDetection.targetRecords=20}.
 *
 * <p>A leak that an earlier class caused late, for instance by a server that it did not close, fails the class during
 * which it came to light.
 */
@AutoService(Extension.class)
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback {

    private static final LeakRecorder RECORDER = LeakRecorder.install();

    @Override
    public void beforeAll(ExtensionContext context) {
        RECORDER.requireWatched();
        context.getRoot()
                .getStore(Namespace.create(LeakExtension.class))
                .computeIfAbsent(LastLook.class, key -> new LastLook());
    }

    /** Collecting garbage takes its time, so it is done only after classes that used buffers. */
    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (RECORDER.sawUse()) {
            requireNone(RECORDER.collect(), context.getDisplayName());
        }
    }

    private static void requireNone(List<String> leaks, String where) {
        if (!leaks.isEmpty()) {
            throw new AssertionError(
                    leaks.size() + " leaked, seen after " + where + ":\n\n" + String.join("\n\n", leaks));
        }
    }

    /** Closed by JUnit when all classes have run. */
    private static final class LastLook implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            requireNone(RECORDER.collect(), "the last class");
        }
    }
}
