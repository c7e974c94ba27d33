package dev.sluice.engine.netty;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open connections of clients, so that a stop can drain them. */
public final class ClientConnections {

    private final Set<ClientHandler> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean draining;

    /** A number for a new connection. */
    long nextNumber() {
        return numbers.incrementAndGet();
    }

    void opened(ClientHandler connection) {
        open.add(connection);
        if (draining) {
            connection.drain();
        }
    }

    void closed(ClientHandler connection) {
        open.remove(connection);
        if (draining && open.isEmpty()) {
            drained.complete(null);
        }
    }

    /** How many there are. */
    public int size() {
        return open.size();
    }

    /** Closes what is idle, lets the rest finish, tells tunnels to end; completes when all have gone. */
    public CompletionStage<Void> drain() {
        draining = true;
        open.forEach(ClientHandler::drain);
        if (open.isEmpty()) {
            drained.complete(null);
        }
        return drained;
    }

    /** Cuts off what is still open. */
    public CompletionStage<Void> abort() {
        CompletionStage<Void> all = drain();
        open.forEach(ClientHandler::shutDown);
        return all;
    }
}
