package dev.sluice.benchmarks.load;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A proxy that is measured.
 *
 * @param commands what starts it, in the foreground, listening on {@link Lab#PROXY_PORT}; those that it lacks it cannot do
 * @param scenarios the names of those that it takes part in
 */
record Contender(String name, Map<Setup, List<String>> commands, Pattern scenarios) {

    /** The one that the others are compared with. */
    static final String BASE = "nginx";

    boolean takesPartIn(Scenario scenario) {
        return commands.containsKey(scenario.setup())
                && scenarios.matcher(scenario.name()).find();
    }

    List<String> command(Setup setup) {
        return Objects.requireNonNull(commands.get(setup));
    }

    boolean isJava() {
        return command(Setup.ORDINARY).get(0).endsWith("java");
    }
}
