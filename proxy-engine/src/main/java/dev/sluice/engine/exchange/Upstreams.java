package dev.sluice.engine.exchange;

import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /** Those that are probed, and whether each is up. */
    public Map<Upstream, Boolean> probed() {
        return known.values().stream()
                .filter(one -> one.health().isProbed())
                .collect(Collectors.toMap(
                        KnownUpstream::upstream, one -> !one.health().isDown()));
    }

    /** Begins to heed a probe of {@code upstream}, which is not forgotten before the verdict's end. On any thread. */
    public ProbeVerdict probe(Upstream upstream) {
        KnownUpstream probed = known.compute(upstream, (key, present) -> {
            KnownUpstream one = presentOrMade(key, present);
            one.health().probeBegins();
            return one;
        });
        return new ProbeVerdict(probed.health());
    }

    KnownUpstream of(Upstream upstream) {
        KnownUpstream present = known.get(upstream);
        return present != null && !present.places().retired() ? present : meet(upstream);
    }

    private KnownUpstream meet(Upstream upstream) {
        if (known.size() >= sweepAt) {
            known.keySet().forEach(one -> known.computeIfPresent(one, Upstreams::unlessForgettable));
            sweepAt = Math.max(FEWEST_TO_SWEEP, 2 * known.size());
        }
        return known.compute(upstream, this::presentOrMade);
    }

    /** Called while nobody else can change the entry, so that what a probe has just begun to heed is not forgotten. */
    private static @Nullable KnownUpstream unlessForgettable(Upstream upstream, KnownUpstream one) {
        return one.health().isForgettable() && one.places().retire() ? null : one;
    }

    private KnownUpstream presentOrMade(Upstream upstream, @Nullable KnownUpstream present) {
        return present != null && !present.places().retired() ? present : make(upstream);
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
