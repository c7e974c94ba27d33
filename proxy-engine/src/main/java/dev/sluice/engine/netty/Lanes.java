package dev.sluice.engine.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The lanes of one server, one for each event loop. */
public final class Lanes {

    private final Map<EventExecutor, Lane> byLoop = new HashMap<>();

    Lanes(Iterable<ConnectionPool> pools, ServerContext first) {
        pools.forEach(pool -> byLoop.put(pool.loop(), new Lane(pool, first)));
    }

    Lane of(Channel channel) {
        return Objects.requireNonNull(byLoop.get(channel.eventLoop()));
    }

    /**
     * Puts {@code next} in force for every exchange that begins from now on.
     *
     * @return completes, on an event loop, when the last exchange has ended that began under what was in force before
     */
    public CompletionStage<Void> replace(ServerContext next) {
        CompletableFuture<Void> unused = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(byLoop.size());
        Runnable leftOne = () -> {
            if (left.decrementAndGet() == 0) {
                unused.complete(null);
            }
        };
        byLoop.forEach((loop, lane) -> loop.execute(() -> lane.replace(next, leftOne)));
        return unused;
    }
}
