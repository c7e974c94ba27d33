package dev.sluice.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures every benchmark in short and compares it with its {@link Budget}. Run it on each JDK that is supported.
 *
 * <p>It warms up by numbers of operations and not by time, and the compiler works in the foreground: a machine that is
 * busy with something else makes it slower, but not wrong. What is over its budget is measured once more, for longer.
 */
public final class BudgetCheck {

    private static final int SHORT = 12_000;
    private static final int LONG = 60_000;

    private BudgetCheck() {}

    /** Exit code 1 if a budget is exceeded. */
    public static void main(String[] args) throws RunnerException {
        List<String> complaints = run(System.out);
        complaints.forEach(System.err::println);
        System.exit(complaints.isEmpty() ? 0 : 1);
    }

    /** Prints what is measured, and answers what is over its budget or has none. */
    static List<String> run(PrintStream out) throws RunnerException {
        Map<String, Budget> budgets = Budget.checkedIn();
        Map<String, Budget> measured = measure(List.of(".*"), SHORT);
        List<String> again = new ArrayList<>();
        measured.forEach((name, cost) -> {
            Budget budget = budgets.get(name);
            if (budget != null && budget.exceededBy(name, cost).isPresent()) {
                again.add(name);
            }
        });
        if (!again.isEmpty()) {
            again.add(Budget.REFERENCE);
            measured.putAll(measure(again, LONG));
        }
        return compare(budgets, measured, out);
    }

    private static List<String> compare(Map<String, Budget> budgets, Map<String, Budget> measured, PrintStream out) {
        List<String> complaints = new ArrayList<>();
        out.printf("%-36s %10s %10s %14s%n", "benchmark", "B/op", "budget", "time/decode");
        measured.forEach((name, cost) -> {
            Budget budget = budgets.get(name);
            if (budget == null) {
                complaints.add(name + ": no budget (expected: a line in budgets.txt)");
                budget = cost;
            }
            out.printf("%-36s %10.1f %10.0f %14.2f%n", name, cost.bytes(), budget.bytes(), cost.time());
            budget.exceededBy(name, cost).ifPresent(complaints::add);
        });
        budgets.keySet().stream()
                .filter(name -> !measured.containsKey(name))
                .forEach(name -> complaints.add(name + ": a budget, but no benchmark"));
        return complaints;
    }

    private static Map<String, Budget> measure(Collection<String> benchmarks, int operations) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .mode(Mode.SingleShotTime)
                .forks(1)
                .warmupIterations(4)
                .warmupBatchSize(operations)
                .measurementIterations(3)
                .measurementBatchSize(operations)
                .timeout(TimeValue.seconds(60))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTimeProfiler.class)
                .jvmArgs("-Xmx256m", "-Xbatch", "-Dio.netty.leakDetection.level=disabled")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        benchmarks.forEach(name -> options.include(name.equals(".*") ? name : "\\." + name.replace(".", "\\.") + "$"));
        Map<String, Budget> costs = new LinkedHashMap<>();
        new Runner(options.build())
                .run().stream()
                        .sorted(Comparator.comparing(run -> name(run)))
                        .forEach(run -> costs.put(
                                name(run),
                                new Budget(
                                        least(run, "gc.alloc.rate.norm") / operations,
                                        least(run, CpuTimeProfiler.LABEL) / operations)));
        double reference = Objects.requireNonNull(costs.get(Budget.REFERENCE)).time();
        costs.replaceAll((name, cost) -> new Budget(cost.bytes(), cost.time() / reference));
        return costs;
    }

    private static String name(RunResult run) {
        String[] parts = run.getParams().getBenchmark().split("\\.");
        return parts[parts.length - 2] + "." + parts[parts.length - 1];
    }

    /** What disturbs a measurement only ever adds to it. */
    private static double least(RunResult run, String label) {
        return run.getBenchmarkResults().stream()
                .map(BenchmarkResult::getIterationResults)
                .flatMap(Collection::stream)
                .mapToDouble(iteration -> Objects.requireNonNull(
                                iteration.getSecondaryResults().get(label), label)
                        .getScore())
                .min()
                .orElseThrow();
    }
}
