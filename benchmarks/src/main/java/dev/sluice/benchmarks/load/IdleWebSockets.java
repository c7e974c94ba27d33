package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.util.List;

/**
 * WebSockets on which nothing happens. The cost is resident memory, in KiB for each: the growth of a process that has
 * opened and closed a few before, without what a JVM would collect.
 */
record IdleWebSockets(int count) implements Scenario {

    private static final int FIRST = 200;

    @Override
    public String name() {
        return "%,d idle WebSockets".formatted(count);
    }

    @Override
    public String unit() {
        return "KiB each";
    }

    @Override
    public Setup setup() {
        return Setup.COMPACT;
    }

    @Override
    public Sample measure(Pinned proxy) throws IOException {
        new WebSocketClients(FIRST).close();
        long before = settled(proxy);
        try (WebSocketClients clients = new WebSocketClients(count)) {
            Sample sample = Sample.ofMemory((double) (settled(proxy) - before) / count);
            clients.echoOnce();
            return sample;
        }
    }

    private static long settled(Pinned proxy) throws IOException {
        String program = ProcessHandle.of(proxy.pid())
                .flatMap(process -> process.info().command())
                .orElse("");
        if (program.endsWith("java")) {
            // Two, because the first one's reference processing makes more garbage.
            for (int i = 0; i < 2; i++) {
                Lab.run(List.of(program.replaceAll("java$", "jcmd"), Long.toString(proxy.pid()), "GC.run"));
            }
        }
        return proxy.rss();
    }
}
