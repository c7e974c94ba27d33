package dev.sluice.engine.netty;

import dev.sluice.api.Probe;
import dev.sluice.engine.exchange.ProbeVerdict;
import io.netty.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a probe's question again and again, and says when the answer has become another. Confined to its event loop. */
final class RepeatedProbe {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedProbe.class);

    private final Probe probe;
    private final ConnectionPool pool;
    private final ProbeVerdict verdict;
    private @Nullable Future<?> next;
    private @Nullable ProbeExchange asking;

    RepeatedProbe(Probe probe, ConnectionPool pool, ProbeVerdict verdict) {
        this.probe = probe;
        this.pool = pool;
        this.verdict = verdict;
    }

    /** At a time of its own, so that replicas that were started together do not ask together. */
    void start() {
        askAfter(ThreadLocalRandom.current().nextDouble());
    }

    void end() {
        if (next != null) {
            next.cancel(false);
        }
        if (asking != null) {
            asking.cancel();
        }
        verdict.end();
    }

    /** @param periods how many of them to wait */
    private void askAfter(double periods) {
        double nanos = periods * TimeUnit.MILLISECONDS.toNanos(probe.every().toMillis());
        next = pool.loop().schedule(this::ask, (long) nanos, TimeUnit.NANOSECONDS);
    }

    private void ask() {
        asking = new ProbeExchange(probe, pool, this::hear);
        asking.start();
    }

    private void hear(@Nullable String failure) {
        if (verdict.hear(failure == null)) {
            if (verdict.isDown()) {
                LOG.warn("Upstream {} is down by its probe {}: {}", probe.upstream(), probe, failure);
            } else {
                LOG.info("Upstream {} is up again by its probe {}", probe.upstream(), probe);
            }
        }
        askAfter(ThreadLocalRandom.current().nextDouble(0.9, 1.1));
    }
}
