package dev.sluice.benchmarks.load;

import java.io.IOException;

/** WebSockets on which nothing happens. The cost is resident memory, in KiB for each. */
record IdleWebSockets(String name, int count) implements Scenario {

    @Override
    public String unit() {
        return "KiB/WebSocket";
    }

    @Override
    public Sample measure(Pinned proxy) throws IOException {
        long before = proxy.rss();
        try (WebSocketClients clients = new WebSocketClients(count)) {
            return new Sample((double) (proxy.rss() - before) / count, 0, 0, 0);
        }
    }

    @Override
    public boolean suits(Contender contender) {
        return !contender.name().equals("bare Netty");
    }
}
