package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs a suite that is not one of this module's own tests, and looks at which of its tests fail. */
final class Suites {

    private Suites() {}

    static void assertFails(Class<?> suite, String... tests) {
        Events events = run(suite);
        assertThat(events.failed().stream().map(Suites::name).toList())
                .as("failed tests of %s", suite.getSimpleName())
                .containsExactlyInAnyOrder(tests);
        assertThat(events.succeeded().count())
                .as("tests that pass all the same")
                .isPositive();
    }

    static void assertPasses(Class<?> suite, int tests) {
        run(suite).assertStatistics(stats -> stats.started(tests).succeeded(tests));
    }

    private static Events run(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute()
                .testEvents();
    }

    private static String name(Event event) {
        List<String> words = List.of(event.getTestDescriptor().getDisplayName().split("\\(", 2));
        return words.get(0);
    }
}
