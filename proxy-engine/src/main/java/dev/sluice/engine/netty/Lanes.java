package dev.sluice.engine.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
     * Puts {@code next} in force. Returns when every loop has taken it over, so that no exchange begins under the former one
     * any more; not to be called on a loop.
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
        List<CompletableFuture<Void>> taken = new ArrayList<>();
        byLoop.forEach((loop, lane) -> taken.add(CompletableFuture.runAsync(() -> lane.replace(next, leftOne), loop)));
        CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)).join();
        return unused;
    }
}
