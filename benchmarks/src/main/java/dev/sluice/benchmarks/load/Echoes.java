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
            double before = proxy.cpuSeconds();
            long echoed = clients.echo(seconds);
            return new Sample((proxy.cpuSeconds() - before) * 1e6 / echoed, 0, 0, (double) echoed / seconds);
        }
    }

    @Override
    public boolean suits(Contender contender) {
        return !contender.name().equals("bare Netty");
    }
}
