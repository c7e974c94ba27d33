package dev.sluice.benchmarks.load;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the harness is asked for.
 *
 * @param rounds how often each proxy is started and measured
 * @param minutes after which no round begins that would not end by then
 * @param seconds how long one figure of requests takes
 * @param idle how many WebSockets are left idle
 * @param scenarios only those whose name it finds
 * @param contenders only those whose name it finds; nginx is always one of them
 * @param page the page whose figures are replaced, if any
 */
record Options(
        int rounds, int minutes, int seconds, int idle, Pattern scenarios, Pattern contenders, Optional<Path> page) {

    static final String USAGE = """
            usage: benchmarks/load/run.sh [--rounds N] [--minutes N] [--seconds N] [--idle N] [--scenarios REGEX]
                                          [--proxies REGEX] [--write PAGE]

              --rounds N         start and measure each proxy N times (5)
              --minutes N        begin no round that would not end by then (11)
              --seconds N        of load for one figure (1)
              --idle N           WebSockets to be left idle (9800: two files each, of the 20000 that are usual)
              --scenarios REGEX  only those whose name it finds
              --proxies REGEX    only those whose name it finds, and nginx
              --write PAGE       replace the figures of this page, such as docs/performance.md
            """;

    static Options parse(String[] args) {
        Map<String, String> given = new HashMap<>();
        Deque<String> left = new ArrayDeque<>(List.of(args));
        while (!left.isEmpty()) {
            String name = left.poll();
            String value = left.poll();
            if (value == null) {
                throw new IllegalArgumentException(name + ": no value");
            }
            given.put(name, value);
        }
        Options options = new Options(
                Integer.parseInt(take(given, "--rounds", "5")),
                Integer.parseInt(take(given, "--minutes", "11")),
                Integer.parseInt(take(given, "--seconds", "1")),
                Integer.parseInt(take(given, "--idle", "9800")),
                Pattern.compile(take(given, "--scenarios", "")),
                Pattern.compile(take(given, "--proxies", "") + "|^nginx$"),
                Optional.ofNullable(given.remove("--write")).map(Path::of));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(String.join(", ", given.keySet()) + ": unknown");
        }
        return options;
    }

    private static String take(Map<String, String> given, String name, String otherwise) {
        String value = given.remove(name);
        return value == null ? otherwise : value;
    }
}
