package dev.sluice.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All samples, by scenario and proxy, as tables. */
final class Figures {

    private final List<Contender> contenders;
    private final Map<Scenario, Map<String, List<Sample>>> samples = new LinkedHashMap<>();
    private final Map<String, List<Double>> memory = new LinkedHashMap<>();
    private final Map<String, List<Double>> startUp = new LinkedHashMap<>();

    Figures(List<Contender> contenders) {
        this.contenders = contenders;
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

    String markdown() {
        StringBuilder out = new StringBuilder();
        out.append("Cost by unit: the median, its ratio to that of nginx, and the range of all rounds.\n\n");
        header(out, "scenario");
        samples.forEach((scenario, by) -> {
            out.append("| ")
                    .append(scenario.name())
                    .append(", ")
                    .append(scenario.unit())
                    .append(" |");
            contenders.forEach(c -> out.append(cost(by, c.name())).append(" |"));
            out.append('\n');
        });
        row(out, "memory after the load, MiB", memory);
        row(out, "start until it listens, ms", startUp);
        out.append("\nTime of a request at full load, p50 / p99 in ms, and requests in a second.\n\n");
        header(out, "scenario");
        samples.forEach((scenario, by) -> {
            if (by.values().iterator().next().get(0).p50() > 0) {
                out.append("| ").append(scenario.name()).append(" |");
                contenders.forEach(c -> out.append(latency(by.get(c.name()))).append(" |"));
                out.append('\n');
            }
        });
        return out.toString();
    }

    private void header(StringBuilder out, String first) {
        out.append("| ").append(first).append(" |");
        contenders.forEach(c -> out.append(' ').append(c.name()).append(" |"));
        out.append("\n| --- |").append(" --- |".repeat(contenders.size())).append('\n');
    }

    private void row(StringBuilder out, String name, Map<String, List<Double>> values) {
        out.append("| ").append(name).append(" |");
        contenders.forEach(c -> {
            List<Double> all = values.getOrDefault(c.name(), List.of());
            out.append(all.isEmpty() ? " – |" : " %.0f |".formatted(median(all)));
        });
        out.append('\n');
    }

    private static String cost(Map<String, List<Sample>> by, String name) {
        List<Sample> mine = by.get(name);
        if (mine == null) {
            return " –";
        }
        List<Double> costs = each(mine, Sample::cost);
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
