package dev.sluice.benchmarks.load;

import java.io.IOException;

/** Small messages to and fro on sixteen WebSockets. The cost is CPU time, in microseconds a message and its echo. */
record Echoes(String name, int seconds) implements Scenario {

    private static final int WEB_SOCKETS = 16;

    @Override
    public String unit() {
        return "µs/echo";
    }

    @Override
    public Sample measure(Pinned proxy) throws IOException {
        try (WebSocketClients warm = new WebSocketClients(WEB_SOCKETS)) {
            warm.echo(1);
        }
        try (WebSocketClients clients = new WebSocketClients(WEB_SOCKETS)) {
            Cpu before = proxy.cpu();
            long echoed = clients.echo(seconds);
            return Sample.ofCpu(proxy.cpu().minus(before), 1e6, echoed, 0, 0, (double) echoed / seconds);
        }
    }
}
