package dev.sluice.testkit.wire;

import dev.sluice.api.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An upstream on a port of 127.0.0.1 that does what a script says, one thread for each connection, and records every
 * connection, every request and every byte that it received.
 *
 * <pre>{@code
 * try (var upstream = ScriptedUpstream.start(c -> {
 *     c.readRequest();
 *     c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").reset();
 * })) { ... }
 * }</pre>
 *
 * <p>Scripts for the usual cases are in {@link Scripts}.
 */
public final class ScriptedUpstream implements AutoCloseable {

    private final ServerSocket server;
    private final @Nullable Tls tls;
    private final List<UpstreamScript> scripts;

    // Guarded by this; its monitor is notified of every change.
    private final List<UpstreamConnection> connections = new ArrayList<>();
    private final List<RawRequest> requests = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private int open;

    private ScriptedUpstream(@Nullable Tls tls, List<UpstreamScript> scripts) throws IOException {
        this.tls = tls;
        this.scripts = scripts;
        // The backlog of 50 that is the default drops connections when many clients arrive at once.
        this.server = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
    }

    /** Starts an upstream that does the same with every connection. */
    public static ScriptedUpstream start(UpstreamScript script) {
        return startInTurn(script);
    }

    /** Starts an upstream that plays a script for each connection, in their order, and the last for all that follow. */
    public static ScriptedUpstream startInTurn(UpstreamScript... scripts) {
        return start(null, scripts);
    }

    /** As {@link #startInTurn}, with TLS; a script begins after the handshake, and does not if that fails. */
    public static ScriptedUpstream startTls(Tls tls, UpstreamScript... scripts) {
        return start(tls, scripts);
    }

    private static ScriptedUpstream start(@Nullable Tls tls, UpstreamScript... scripts) {
        try {
            var upstream = new ScriptedUpstream(tls, List.of(scripts));
            daemon(upstream::accept, "upstream-" + upstream.port());
            return upstream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an upstream that answers every request with {@code response}; see {@link Scripts#respondWith}. */
    public static ScriptedUpstream respondWith(String response) {
        return start(Scripts.respondWith(response));
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** {@code http://127.0.0.1:port}, or {@code https}. */
    public String url() {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port();
    }

    /** This upstream as a resolver names it. */
    public Upstream upstream() {
        return Upstream.of(url());
    }

    /** The requests whose head has been read, in the order of their arrival. */
    public synchronized List<RawRequest> requests() {
        return List.copyOf(requests);
    }

    /** The connections that were ever opened, in the order of their arrival. */
    public synchronized List<UpstreamConnection> connections() {
        return List.copyOf(connections);
    }

    /** The number of connections whose script has not ended. */
    public synchronized int openConnections() {
        return open;
    }

    /** What was received, as Latin-1: the first MiB of each connection, one after the other. */
    public String received() {
        var all = new StringBuilder();
        connections().forEach(connection -> all.append(connection.received()));
        return all.toString();
    }

    /** The number of bytes received, over all connections. */
    public long bytesReceived() {
        return connections().stream()
                .mapToLong(UpstreamConnection::bytesReceived)
                .sum();
    }

    /** Waits until {@code n} heads have been read, and returns the last of them. */
    public synchronized RawRequest awaitRequest(int n) {
        await(n + " requests", () -> requests.size() >= n);
        return requests.get(n - 1);
    }

    /** Waits until {@code n} connections have been opened, and returns the last of them. */
    public synchronized UpstreamConnection awaitConnection(int n) {
        await(n + " connections", () -> connections.size() >= n);
        return connections.get(n - 1);
    }

    /** Waits until all connections' scripts have ended. */
    public synchronized void awaitNoOpenConnection() {
        await("no open connection", () -> open == 0);
    }

    /** Refuses new connections; those that stand go on. */
    public void stopAccepting() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes all connections; throws what a script has thrown. */
    @Override
    public void close() {
        stopAccepting();
        for (UpstreamConnection connection : connections()) {
            try {
                connection.wire().abandon();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        synchronized (this) {
            if (!failures.isEmpty()) {
                throw new AssertionError("a script failed", failures.get(0));
            }
        }
    }

    private void accept() {
        while (true) {
            try {
                begin(server.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private synchronized void begin(Socket socket) throws IOException {
        var connection = new UpstreamConnection(socket, tls, this::record);
        UpstreamScript script = scripts.get(Math.min(connections.size(), scripts.size() - 1));
        connections.add(connection);
        open++;
        notifyAll();
        daemon(() -> play(script, connection), "upstream-" + port() + "-" + connections.size());
        if (server.isClosed()) {
            connection.close(); // accepted while close() was looking at the others
        }
    }

    private void play(UpstreamScript script, UpstreamConnection connection) {
        try {
            connection.begin();
            script.run(connection);
        } catch (SocketTimeoutException e) {
            fail(new AssertionError("the proxy sent no more; received so far:\n" + connection.received(), e));
        } catch (IOException ended) {
            // The proxy's doing, or close()'s.
        } catch (Throwable t) {
            fail(t);
        } finally {
            end(connection);
        }
    }

    private void end(UpstreamConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            fail(e);
        }
        synchronized (this) {
            open--;
            notifyAll();
        }
    }

    private synchronized void record(RawRequest request) {
        requests.add(request);
        notifyAll();
    }

    private synchronized void fail(Throwable failure) {
        failures.add(failure);
    }

    private void await(String expected, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Wire.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("expected " + expected + " within 10 s, but there were " + connections.size()
                        + " connections, " + open + " of them open, with " + requests.size() + " requests:\n"
                        + received());
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + expected, e);
            }
        }
    }

    private static void daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
