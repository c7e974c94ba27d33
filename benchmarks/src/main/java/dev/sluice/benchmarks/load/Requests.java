package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As many requests as {@code wrk} can make over some connections. The cost is CPU time, in microseconds a request. */
record Requests(Setup setup, String name, String path, int connections, List<String> fields, int seconds)
        implements Scenario {

    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");
    private static final Pattern TOOK = Pattern.compile("requests in ([0-9.]+)(us|ms|s),");
    private static final Pattern P50 = Pattern.compile("50%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");

    Requests(String name, String path, int connections, List<String> fields, int seconds) {
        this(Setup.ORDINARY, name, path, connections, fields, seconds);
    }

    @Override
    public String unit() {
        return "µs/request";
    }

    @Override
    public Sample measure(Pinned proxy) throws IOException {
        wrk(1);
        Cpu before = proxy.cpu();
        String report = wrk(seconds);
        Cpu spent = proxy.cpu().minus(before);
        if (report.contains("Non-2xx") || report.contains("Socket errors")) {
            throw new IOException(name + ": not every request was answered: " + report);
        }
        double requests = find(COUNT, report, 1);
        double rate = requests * 1000 / millis(TOOK, report); // wrk may take longer than it was told to
        return Sample.ofCpu(spent, 1e6, requests, millis(P50, report), millis(P99, report), rate);
    }

    private String wrk(int duration) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "taskset", "-c", Integer.toString(Lab.LOAD_CORE), "wrk", "-t1", "--latency", "--timeout", "10s"));
        command.add("-c" + connections);
        command.add("-d" + duration + "s");
        command.addAll(List.of("-H", "Host: " + Lab.HOST));
        fields.forEach(field -> command.addAll(List.of("-H", field)));
        command.add((setup == Setup.TLS ? "https" : "http") + "://127.0.0.1:" + Lab.PROXY_PORT + path);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("wrk: " + report);
            }
            return report;
        } catch (InterruptedException e) {
            throw new IOException("wrk: interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static double find(Pattern pattern, String report, int group) throws IOException {
        Matcher matcher = pattern.matcher(report);
        if (!matcher.find()) {
            throw new IOException("wrk: " + pattern + " is not in its report: " + report);
        }
        return Double.parseDouble(matcher.group(group));
    }

    private static double millis(Pattern pattern, String report) throws IOException {
        double value = find(pattern, report, 1);
        Matcher matcher = pattern.matcher(report);
        String unit = matcher.find() ? matcher.group(2) : "";
        return switch (unit) {
            case "us" -> value / 1000;
            case "s" -> value * 1000;
            default -> value;
        };
    }
}
