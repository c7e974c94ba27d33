package dev.sluice.engine.exchange;

import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The upstreams that resolvers have named, shared by all event loops. Those that nobody uses are forgotten. */
public final class Upstreams {

    private static final int FEWEST_TO_SWEEP = 1024;

    private final ProxySettings settings;
    private final ConcurrentMap<Upstream, KnownUpstream> known = new ConcurrentHashMap<>();
    private volatile int sweepAt = FEWEST_TO_SWEEP;

    public Upstreams(ProxySettings settings) {
        this.settings = settings;
    }

    /** A view, for those who report. */
    public Collection<KnownUpstream> all() {
        return Collections.unmodifiableCollection(known.values());
    }

    /** How many exchanges wait for a place with one of them. */
    public int waiting() {
        return known.values().stream().mapToInt(one -> one.places().waiting()).sum();
    }

    KnownUpstream of(Upstream upstream) {
        KnownUpstream present = known.get(upstream);
        return present != null && !present.places().retired() ? present : meet(upstream);
    }

    private KnownUpstream meet(Upstream upstream) {
        if (known.size() >= sweepAt) {
            known.values()
                    .removeIf(
                            one -> one.health().isForgettable() && one.places().retire());
            sweepAt = Math.max(FEWEST_TO_SWEEP, 2 * known.size());
        }
        return known.compute(
                upstream, (key, present) -> present != null && !present.places().retired() ? present : make(key));
    }

    private KnownUpstream make(Upstream upstream) {
        ProxySettings.Limits limits = settings.limits();
        return new KnownUpstream(
                upstream,
                new UpstreamPlaces(limits.exchangesPerUpstream(), limits.queuedPerUpstream()),
                new UpstreamHealth(
                        limits.connectFailures(), settings.timeouts().ejection().toNanos(), System::nanoTime));
    }
}
