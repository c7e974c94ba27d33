package dev.sluice.engine.netty;

import dev.sluice.api.Network;
import dev.sluice.engine.LiveTunnel;
import dev.sluice.engine.Refusal;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The connections of clients: how many one address may have, who was refused, and how a stop drains them. */
public final class ClientConnections {

    /** Of which nobody knows yet whose they are, or whether they will come to speak HTTP. */
    private final Set<Channel> arriving = ConcurrentHashMap.newKeySet();

    private final Set<ClientHandler> open = ConcurrentHashMap.newKeySet();
    private final Map<ClientHandler, Tunnel> tunnels = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final AddressLimit addresses;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);
    private final LongAdder acceptPauses = new LongAdder();
    private volatile boolean draining;

    /**
     * @param mostPerAddress connections of one address
     * @param exempt peers that speak for many clients
     */
    public ClientConnections(int mostPerAddress, List<Network> exempt) {
        this.addresses = new AddressLimit(mostPerAddress, exempt);
        for (Refusal why : Refusal.values()) {
            refused.put(why, new LongAdder());
        }
    }

    /** A number for a new connection. */
    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** Until it is {@link #opened}, or closed. */
    void arriving(Channel channel) {
        arriving.add(channel);
        channel.closeFuture().addListener(closed -> {
            arriving.remove(channel);
            finishDrain();
        });
        if (draining) {
            channel.close();
        }
    }

    AddressLimit.Verdict opened(ClientHandler connection, InetAddress client) {
        open.add(connection);
        arriving.remove(connection.channel());
        if (draining) {
            connection.drain();
        }
        AddressLimit.Verdict verdict = addresses.admit(connection.channel(), client);
        if (verdict != AddressLimit.Verdict.SERVED) {
            refused(Refusal.ADDRESS_LIMIT);
        }
        return verdict;
    }

    /** One more was refused. */
    void refused(Refusal why) {
        Objects.requireNonNull(refused.get(why)).increment();
    }

    /** How many were refused for this reason. */
    public long refusals(Refusal why) {
        return Objects.requireNonNull(refused.get(why)).sum();
    }

    /** No more are accepted for the moment. */
    public void acceptPaused() {
        acceptPauses.increment();
    }

    /** How often that was so. */
    public long acceptPauses() {
        return acceptPauses.sum();
    }

    void closed(ClientHandler connection) {
        open.remove(connection);
        tunnels.remove(connection);
        finishDrain();
    }

    /** {@code connection} has become one end of {@code tunnel}. */
    void joined(ClientHandler connection, Tunnel tunnel) {
        tunnels.put(connection, tunnel);
    }

    /** How many of them are tunnels. */
    public int tunnels() {
        return tunnels.size();
    }

    /** The tunnels, no more than {@code most} of them, in no order. */
    public List<LiveTunnel> tunnels(int most) {
        return tunnels.values().stream().limit(most).map(Tunnel::describe).toList();
    }

    /** How many there are. */
    public int size() {
        return open.size() + arriving.size();
    }

    /** Closes what is idle, lets the rest finish, tells tunnels to end; completes when all have gone. */
    public CompletionStage<Void> drain() {
        draining = true;
        arriving.forEach(Channel::close);
        open.forEach(ClientHandler::drain);
        finishDrain();
        return drained;
    }

    private void finishDrain() {
        if (draining && arriving.isEmpty() && open.isEmpty()) {
            drained.complete(null);
        }
    }

    /** Cuts off what is still open. */
    public CompletionStage<Void> abort() {
        CompletionStage<Void> all = drain();
        open.forEach(ClientHandler::shutDown);
        return all;
    }
}
