package dev.sluice.benchmarks.load;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the harness is asked for.
 *
 * @param rounds how often each proxy is started and measured
 * @param seconds how long one figure of requests takes
 * @param idle how many WebSockets are left idle
 * @param scenarios only those whose name it finds
 * @param contenders only those whose name it finds; nginx is always one of them
 * @param page the page whose figures are replaced, if any
 */
record Options(int rounds, int seconds, int idle, Pattern scenarios, Pattern contenders, Optional<Path> page) {

    static final String USAGE = """
            usage: benchmarks/load/run.sh [--rounds N] [--seconds N] [--idle N] [--scenarios REGEX] [--proxies REGEX]
                                          [--write PAGE]

              --rounds N         start and measure each proxy N times (5)
              --seconds N        of load for one figure (4)
              --idle N           WebSockets to be left idle (4000)
              --scenarios REGEX  only those whose name it finds
              --proxies REGEX    only those whose name it finds, and nginx
              --write PAGE       replace the figures of this page, such as docs/performance.md
            """;

    static Options parse(String[] args) {
        Options options = new Options(5, 4, 4000, Pattern.compile(""), Pattern.compile(""), Optional.empty());
        Deque<String> left = new ArrayDeque<>(List.of(args));
        while (!left.isEmpty()) {
            String name = left.poll();
            String value = left.poll();
            if (value == null) {
                throw new IllegalArgumentException(name + ": no value");
            }
            options = options.with(name, value);
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new Options(Integer.parseInt(value), seconds, idle, scenarios, contenders, page);
            case "--seconds" -> new Options(rounds, Integer.parseInt(value), idle, scenarios, contenders, page);
            case "--idle" -> new Options(rounds, seconds, Integer.parseInt(value), scenarios, contenders, page);
            case "--scenarios" -> new Options(rounds, seconds, idle, Pattern.compile(value), contenders, page);
            case "--proxies" ->
                new Options(rounds, seconds, idle, scenarios, Pattern.compile(value + "|^nginx$"), page);
            case "--write" -> new Options(rounds, seconds, idle, scenarios, contenders, Optional.of(Path.of(value)));
            default -> throw new IllegalArgumentException(name + ": unknown");
        };
    }
}
