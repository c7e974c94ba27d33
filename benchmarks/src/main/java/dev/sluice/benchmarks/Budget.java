package dev.sluice.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What one benchmark may cost.
 *
 * @param bytes allocated for an operation
 * @param time CPU time of an operation, as a multiple of that of {@link #REFERENCE}
 */
record Budget(double bytes, double time) {

    static final String REFERENCE = "DecodeBenchmark.decode";

    private static final String FILE = "budgets.txt";

    /** Allocation is repeatable: what exceeds this is a change of the code. */
    private static final double BYTES_MARGIN = 1.02;

    /** JMH allocates too, less than a byte for an operation. */
    private static final double BYTES_NOISE = 1;

    /** Time is not repeatable, and the caches are shared: only a change of another order is one of the code. */
    private static final double TIME_MARGIN = 3;

    /** Very short operations vary by more than they cost. */
    private static final double TIME_NOISE = 0.05;

    /** The checked-in budgets by benchmark, for the JDK that runs: its Netty has no {@code Unsafe} from 24 on. */
    static Map<String, Budget> checkedIn() {
        int column = Runtime.version().feature() < 24 ? 1 : 2;
        Map<String, Budget> budgets = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(Budget.class.getResourceAsStream(FILE), FILE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(line -> {
                        String[] fields = line.split("\\s+");
                        budgets.put(
                                fields[0],
                                new Budget(Double.parseDouble(fields[column]), Double.parseDouble(fields[3])));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return budgets;
    }

    /** What is wrong with {@code measured} of {@code benchmark}, if anything. */
    Optional<String> exceededBy(String benchmark, Budget measured) {
        if (measured.bytes > bytes * BYTES_MARGIN + BYTES_NOISE) {
            return Optional.of("%s: %.1f B/op (expected: at most %.0f and 2 %%, %s)"
                    .formatted(benchmark, measured.bytes, bytes, FILE));
        }
        if (measured.time > time * TIME_MARGIN + TIME_NOISE) {
            return Optional.of("%s: %.2f times the CPU time of %s (expected: about %.2f, at most three times that, %s)"
                    .formatted(benchmark, measured.time, REFERENCE, time, FILE));
        }
        return Optional.empty();
    }
}
