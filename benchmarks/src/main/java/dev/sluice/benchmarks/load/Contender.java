package dev.sluice.benchmarks.load;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A proxy that is measured.
 *
 * @param command what starts it, in the foreground, listening on {@link Lab#PROXY_PORT}
 * @param compact the same, with no more memory than it needs
 * @param scenarios the names of those that it takes part in
 */
record Contender(String name, List<String> command, List<String> compact, Pattern scenarios) {

    /** The one that the others are compared with. */
    static final String BASE = "nginx";

    Contender(String name, List<String> command, String scenarios) {
        this(name, command, command, Pattern.compile(scenarios));
    }

    boolean takesPartIn(Scenario scenario) {
        return scenarios.matcher(scenario.name()).find();
    }

    boolean isJava() {
        return command.get(0).endsWith("java");
    }
}
