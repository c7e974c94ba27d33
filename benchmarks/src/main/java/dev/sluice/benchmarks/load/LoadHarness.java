package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final List<String> NEEDED = List.of("nginx", "haproxy", "wrk", "taskset");

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
            report = Machine.describe(options) + "\n" + run(lab, options).markdown();
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
                    + " (Debian packages nginx-light, haproxy, wrk, util-linux)");
        }
    }

    private static Figures run(Lab lab, Options options) throws IOException {
        List<Contender> contenders = Contenders.all(lab).stream()
                .filter(c -> options.contenders().matcher(c.name()).find())
                .toList();
        List<Scenario> scenarios = scenarios(options);
        Figures figures = new Figures(contenders);
        for (int round = 1; round <= options.rounds(); round++) {
            for (Contender contender : contenders) {
                measure(lab, options, round, contender, scenarios, figures);
            }
        }
        return figures;
    }

    private static void measure(
            Lab lab, Options options, int round, Contender contender, List<Scenario> scenarios, Figures figures)
            throws IOException {
        Path log = lab.log(contender.name().replaceAll("\\W+", "-") + "-" + round);
        try (Pinned proxy = Pinned.start(Lab.PROXY_CORE, contender.command(), log)) {
            Duration start = proxy.awaitListening(Lab.PROXY_PORT);
            warmUp(proxy);
            figures.addProcess(contender, proxy.rss(), start.toMillis());
            for (Scenario scenario : scenarios) {
                if (scenario.suits(contender)) {
                    Sample sample = scenario.measure(proxy);
                    figures.add(scenario, contender, sample);
                    System.err.printf(
                            "round %d, %s, %s: %.2f %s%n",
                            round, contender.name(), scenario.name(), sample.cost(), scenario.unit());
                }
            }
        }
    }

    /** By requests and not by time: a JIT compiler wants the former. */
    private static void warmUp(Pinned proxy) throws IOException {
        double requests = 0;
        for (int i = 0; i < WARM_UP_RUNS && requests < WARM_UP_REQUESTS; i++) {
            Requests run = new Requests("warm-up", "/session", 64, List.of(), 2);
            requests += run.measure(proxy).rate() * run.seconds();
        }
    }

    private static List<Scenario> scenarios(Options options) {
        int seconds = options.seconds();
        List<String> browser = List.of(
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Language: en-GB,en;q=0.5",
                "Accept-Encoding: gzip, deflate, br, zstd",
                "Referer: https://jupyterlab-abc.apps.example.org/lab",
                "Upgrade-Insecure-Requests: 1",
                "Sec-Fetch-Dest: document",
                "Sec-Fetch-Mode: navigate",
                "Sec-Fetch-Site: same-origin",
                "Priority: u=0, i",
                "Cookie: " + dev.sluice.benchmarks.Traffic.browserCookies());
        return List.<Scenario>of(
                        new IdleWebSockets("idle WebSockets", options.idle()),
                        new Requests("small GET, 1 connection", "/small", 1, List.of(), seconds),
                        new Requests("small GET, 64 connections", "/small", 64, List.of(), seconds),
                        new Requests("small GET, 512 connections", "/small", 512, List.of(), seconds),
                        new Requests("12 fields, 6 cookies, 4 Set-Cookie", "/session", 64, browser, seconds),
                        new Requests("new connection each", "/small", 64, List.of("Connection: close"), seconds),
                        new Requests("10 KiB", "/10k", 64, List.of(), seconds),
                        new Requests("100 KiB", "/100k", 64, List.of(), seconds),
                        new Bodies("1 GiB down", false),
                        new Bodies("1 GiB up", true),
                        new Echoes("WebSocket echo", seconds))
                .stream()
                .filter(scenario -> options.scenarios().matcher(scenario.name()).find())
                .toList();
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
