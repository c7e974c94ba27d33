package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small requests at half of the rate that the first proxy measured is capable of. The cost is the 99th percentile. */
final class PacedRequests implements Scenario {

    private static final int CONNECTIONS = 64;
    private static final byte[] REQUEST =
            "GET /small HTTP/1.1\r\nHost: bench.test\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final int seconds;
    private double rate;

    PacedRequests(int seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "p99 at half of nginx's rate";
    }

    @Override
    public String unit() {
        return "ms";
    }

    @Override
    public Sample measure(Pinned proxy) throws IOException {
        if (rate == 0) {
            rate = new Requests(name(), "/small", CONNECTIONS, List.of(), 2)
                            .measure(proxy)
                            .rate()
                    / 2;
        }
        try (PacedClients clients = new PacedClients(CONNECTIONS, REQUEST)) {
            clients.run(rate, 1);
            long[] times = clients.run(rate, seconds);
            double p99 = times[times.length * 99 / 100] / 1e6;
            return new Sample(p99, 0, times[times.length / 2] / 1e6, p99, rate);
        }
    }
}
