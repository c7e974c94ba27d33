package dev.sluice.engine.exchange;

import dev.sluice.api.Upstream;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Where an exchange gets its connection from. */
@FunctionalInterface
public interface UpstreamPool {

    /**
     * A connection to {@code upstream} on the exchange's event loop.
     *
     * @param fresh true for one that has not been used before
     * @param limit how long the caller waits; it counts the time itself, the pool shares it among several addresses
     */
    CompletionStage<UpstreamSide> acquire(Upstream upstream, boolean fresh, Duration limit);
}
