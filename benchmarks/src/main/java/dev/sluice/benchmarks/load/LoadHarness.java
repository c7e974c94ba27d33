package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the same load on each proxy in turn and compares what it costs them. CPU time comes from the kernel's account of
 * the proxy's process, which a busy machine changes least. Start it with {@code benchmarks/load/run.sh}.
 */
public final class LoadHarness {

    private static final String BEGIN = "<!-- figures -->\n";
    private static final String END = "<!-- end of figures -->\n";
    private static final int WARM_UP_REQUESTS = 150_000;
    private static final int WARM_UP_RUNS = 8;
    private static final List<String> NEEDED =
            List.of("nginx", "haproxy", "wrk", "taskset", "redis-server", "redis-cli");

    private LoadHarness() {}

    public static void main(String[] args) throws IOException {
        Options options;
        try {
            options = Options.parse(args);
            requirePrograms();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        String report;
        try (Lab lab = new Lab()) {
            report = run(lab, options).markdown(options);
        }
        System.out.println(report);
        if (options.page().isPresent()) {
            replaceFigures(options.page().get(), report);
        }
        System.exit(0);
    }

    private static void requirePrograms() {
        List<String> missing = new ArrayList<>(NEEDED);
        for (String directory : (System.getenv("PATH") + ":/usr/sbin").split(":")) {
            missing.removeIf(program -> Files.isExecutable(Path.of(directory, program)));
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("missing programs: " + String.join(", ", missing)
                    + " (Debian packages nginx-light, haproxy, wrk, redis-server, util-linux)");
        }
    }

    private static Figures run(Lab lab, Options options) throws IOException {
        List<Contender> contenders = Contenders.all(lab).stream()
                .filter(c -> options.contenders().matcher(c.name()).find())
                .toList();
        List<Scenario> scenarios = Scenarios.all(options, lab.sessionCookie());
        Figures figures = new Figures(contenders, scenarios);
        Instant begin = Instant.now();
        Instant end = begin.plus(Duration.ofMinutes(options.minutes()));
        for (int round = 1; round <= options.rounds(); round++) {
            Duration each = Duration.between(begin, Instant.now()).dividedBy(Math.max(1, round - 1));
            if (Instant.now().plus(each).isAfter(end)) {
                break;
            }
            for (Contender contender : contenders) {
                measure(lab, round, contender, scenarios, figures);
            }
            figures.roundDone();
        }
        return figures;
    }

    private static void measure(Lab lab, int round, Contender contender, List<Scenario> scenarios, Figures figures) {
        for (Setup setup : Setup.values()) {
            List<Scenario> its = scenarios.stream()
                    .filter(scenario -> scenario.setup() == setup && contender.takesPartIn(scenario))
                    .toList();
            if (its.isEmpty()) {
                continue;
            }
            Path log = lab.log("%s-%s-%d".formatted(contender.name().replaceAll("\\W+", "-"), setup, round));
            try (Pinned proxy = Pinned.start(Lab.PROXY_CORE, contender.command(setup), log)) {
                boolean tls = setup == Setup.TLS;
                Duration start = proxy.awaitAnswer(Lab.PROXY_PORT, tls ? "" : lab.firstRequest(), tls ? "" : Lab.OK);
                if (setup != Setup.COMPACT) {
                    warmUp(proxy, setup, contender, lab.sessionCookie());
                }
                if (setup == Setup.ORDINARY) {
                    figures.addProcess(contender, proxy.rss(), start.toMillis());
                }
                for (Scenario scenario : its) {
                    measure(proxy, round, contender, scenario, figures);
                }
            } catch (IOException e) {
                figures.failed(contender, setup, e);
            }
        }
    }

    private static void measure(Pinned proxy, int round, Contender contender, Scenario scenario, Figures figures)
            throws IOException {
        Sample sample = scenario.measure(proxy);
        figures.add(scenario, contender, sample);
        System.err.printf(
                "round %d, %s, %s: %.2f %s%n",
                round, contender.name(), scenario.name(), sample.cost(), scenario.unit());
    }

    /** By requests and not by time: a JIT compiler wants the former. */
    private static void warmUp(Pinned proxy, Setup setup, Contender contender, String cookie) throws IOException {
        int wanted = contender.isJava() ? WARM_UP_REQUESTS : 1;
        double requests = 0;
        for (int i = 0; i < WARM_UP_RUNS && requests < wanted; i++) {
            Requests run = new Requests(setup, "warm-up", "/session", 64, Scenarios.browser(cookie), 2);
            requests += run.measure(proxy).rate() * run.seconds();
        }
    }

    private static void replaceFigures(Path page, String report) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(page + ": no place for figures (expected: " + BEGIN.strip() + ")");
        }
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + "\n" + report + "\n" + text.substring(end));
    }
}
