package dev.sluice.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.engine;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class LeakExtensionTest {

    static final class Leaks {
        @Test
        void forgetsABuffer() {
            PooledByteBufAllocator.DEFAULT.buffer(64).writeInt(1).touch("planted by a test of the leak extension");
        }
    }

    static final class Releases {
        @Test
        void releasesItsBuffers() {
            PooledByteBufAllocator.DEFAULT.buffer(64).writeInt(1).release();
            Unpooled.directBuffer(8).release();
        }
    }

    @ExtendWith(LosesItAtTheEnd.class)
    static final class HoldsToTheEnd {
        @Test
        void keepsABuffer() {
            LosesItAtTheEnd.held = Unpooled.directBuffer(8).touch("held to the end");
        }
    }

    static final class LosesItAtTheEnd implements BeforeAllCallback {
        static @Nullable ByteBuf held;

        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot().getStore(Namespace.GLOBAL).put("held", (AutoCloseable) () -> held = null);
        }
    }

    private static EngineExecutionResults run(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .selectors(selectClass(type))
                .execute();
    }

    @Test
    void aLeak_failsItsClass_andShowsWhereTheBufferWas() {
        EngineExecutionResults results = run(Leaks.class);

        results.testEvents().assertStatistics(stats -> stats.succeeded(1));
        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                container(Leaks.class),
                                finishedWithFailure(
                                        instanceOf(AssertionError.class),
                                        message(m -> m.startsWith("1 leaked, seen after LeakExtensionTest$Leaks")
                                                && m.contains("planted by a test of the leak extension")
                                                && m.contains("forgetsABuffer")))));
    }

    @Test
    void releasedBuffers_pass() {
        EngineExecutionResults results = run(Releases.class);

        results.testEvents().assertStatistics(stats -> stats.succeeded(1));
        results.containerEvents().assertStatistics(stats -> stats.failed(0).succeeded(2));
    }

    @Test
    void aLeakThatShowsAfterTheLastClass_failsTheRun() {
        run(HoldsToTheEnd.class)
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                engine(),
                                finishedWithFailure(message(m -> m.startsWith("1 leaked, seen after the last class")
                                        && m.contains("held to the end")))));
    }

    /** Of the run that this test is part of: registered by the service files and this module's properties alone. */
    @Test
    void theRecorder_watchesThisVeryRun() {
        LeakRecorder recorder = LeakRecorder.install();
        Unpooled.directBuffer(1).release();
        assertThat(recorder.sawUse()).isTrue();
        recorder.requireWatched();
    }
}
