package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** All samples, by scenario and proxy, as tables. */
final class Figures {

    private final List<Contender> contenders;
    private final List<Scenario> scenarios;
    private final Map<Scenario, Map<String, List<Sample>>> samples = new LinkedHashMap<>();
    private final Map<String, List<Double>> memory = new LinkedHashMap<>();
    private final Map<String, List<Double>> startUp = new LinkedHashMap<>();

    private final List<String> failures = new ArrayList<>();
    private int rounds;

    Figures(List<Contender> contenders, List<Scenario> scenarios) {
        this.contenders = contenders;
        this.scenarios = scenarios;
    }

    /** One failure loses what it is about, and not the whole run. */
    void failed(Contender contender, Setup setup, IOException why) {
        failures.add(contender.name() + ", " + setup);
        System.err.println(contender.name() + ", " + setup + ": " + why.getMessage());
    }

    void roundDone() {
        rounds++;
    }

    void add(Scenario scenario, Contender contender, Sample sample) {
        samples.computeIfAbsent(scenario, s -> new LinkedHashMap<>())
                .computeIfAbsent(contender.name(), c -> new ArrayList<>())
                .add(sample);
    }

    /** @param rss in KiB, after the load of requests */
    void addProcess(Contender contender, long rss, long startMillis) {
        memory.computeIfAbsent(contender.name(), c -> new ArrayList<>()).add(rss / 1024.0);
        startUp.computeIfAbsent(contender.name(), c -> new ArrayList<>()).add((double) startMillis);
    }

    String markdown(Options options) throws IOException {
        StringBuilder out = new StringBuilder(Machine.describe(options, rounds));
        out.append("\nCost by unit: the median, its ratio to that of nginx, and the range of all rounds.\n\n");
        header(out, "scenario", contenders);
        each((scenario, by) -> {
            out.append("| %s, %s |".formatted(scenario.name(), scenario.unit()));
            contenders.forEach(c -> out.append(cost(by, c.name(), Sample::cost)).append(" |"));
            out.append('\n');
        });
        row(out, "memory after the warm-up, MiB", memory);
        row(out, "start to the first response, ms", startUp);
        out.append("\nThe same with what the JVM's compiler used meanwhile, which ends when all is compiled.\n\n");
        List<Contender> java = contenders.stream().filter(Contender::isJava).toList();
        header(out, "scenario", java);
        each((scenario, by) -> {
            if (by.values().stream().flatMap(List::stream).anyMatch(sample -> sample.compiling() > 0)) {
                out.append("| ").append(scenario.name()).append(" |");
                java.forEach(c -> out.append(cost(by, c.name(), s -> s.cost() + s.compiling()))
                        .append(" |"));
                out.append('\n');
            }
        });
        out.append(
                "\nTime of a request, p50 / p99 in ms, and requests in a second: at full load, but for the last.\n\n");
        header(out, "scenario", contenders);
        each((scenario, by) -> {
            if (by.values().iterator().next().get(0).p50() > 0) {
                out.append("| ").append(scenario.name()).append(" |");
                contenders.forEach(c -> out.append(latency(by.get(c.name()))).append(" |"));
                out.append('\n');
            }
        });
        if (!failures.isEmpty()) {
            out.append("\nFailed: ").append(String.join("; ", failures)).append(".\n");
        }
        return out.toString();
    }

    private void each(BiConsumer<Scenario, Map<String, List<Sample>>> action) {
        for (Scenario scenario : scenarios) {
            Map<String, List<Sample>> by = samples.get(scenario);
            if (by != null) {
                action.accept(scenario, by);
            }
        }
    }

    private static void header(StringBuilder out, String first, List<Contender> columns) {
        out.append("| ").append(first).append(" |");
        columns.forEach(c -> out.append(' ').append(c.name()).append(" |"));
        out.append("\n| --- |").append(" --- |".repeat(columns.size())).append('\n');
    }

    private void row(StringBuilder out, String name, Map<String, List<Double>> values) {
        out.append("| ").append(name).append(" |");
        contenders.forEach(c -> {
            List<Double> all = values.getOrDefault(c.name(), List.of());
            out.append(all.isEmpty() ? " – |" : " %.0f |".formatted(median(all)));
        });
        out.append('\n');
    }

    private static String cost(Map<String, List<Sample>> by, String name, ToDoubleFunction<Sample> figure) {
        List<Sample> mine = by.get(name);
        if (mine == null) {
            return " –";
        }
        List<Double> costs = each(mine, figure);
        double base = median(each(by.getOrDefault(Contender.BASE, mine), Sample::cost));
        double low = costs.stream().mapToDouble(d -> d).min().orElseThrow();
        double high = costs.stream().mapToDouble(d -> d).max().orElseThrow();
        return " %.2f (**%.2f**; %.2f–%.2f)".formatted(median(costs), median(costs) / base, low, high);
    }

    private static String latency(@org.jspecify.annotations.Nullable List<Sample> mine) {
        return mine == null
                ? " –"
                : " %.2f / %.2f, %,.0f"
                        .formatted(
                                median(each(mine, Sample::p50)),
                                median(each(mine, Sample::p99)),
                                median(each(mine, Sample::rate)));
    }

    private static List<Double> each(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.stream().mapToDouble(figure).boxed().toList();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
