package dev.sluice.engine.netty;

import dev.sluice.api.Probe;
import dev.sluice.engine.exchange.ProbeVerdict;
import dev.sluice.engine.exchange.Upstreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The probes of one server, each on one event loop. */
public final class UpstreamProbes {

    private final Supplier<ConnectionPool> pools;
    private final Upstreams upstreams;
    private final Map<Probe, Running> running = new HashMap<>();

    private record Running(RepeatedProbe probe, ConnectionPool pool) {}

    UpstreamProbes(Supplier<ConnectionPool> pools, Upstreams upstreams) {
        this.pools = pools;
        this.upstreams = upstreams;
    }

    /**
     * Goes on with those of {@code wanted}, and no others: what runs already is not disturbed. On any thread.
     *
     * @return completes, on an event loop, when those that are not wanted have ended
     */
    public synchronized CompletionStage<Void> replace(Set<Probe> wanted) {
        wanted.forEach(probe -> running.computeIfAbsent(probe, this::begin)); // before others end, for what they know
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        running.entrySet().removeIf(entry -> {
            boolean unwanted = !wanted.contains(entry.getKey());
            if (unwanted) {
                Running one = entry.getValue();
                ended.add(
                        CompletableFuture.runAsync(one.probe()::end, one.pool().loop()));
            }
            return unwanted;
        });
        return CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new));
    }

    /** Ends all of them; as {@link #replace}. */
    public CompletionStage<Void> end() {
        return replace(Set.of());
    }

    private Running begin(Probe probe) {
        ConnectionPool pool = pools.get();
        ProbeVerdict verdict = upstreams.probe(probe.upstream());
        RepeatedProbe repeated = new RepeatedProbe(probe, pool, verdict);
        pool.loop().execute(repeated::start);
        return new Running(repeated, pool);
    }
}
