package dev.sluice.engine;

import dev.sluice.api.Upstream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel that is open.
 *
 * @param id the exchange's id
 * @param user the identity's user id
 * @param host as the client asked for it
 * @param route the configured name of the resolver that decided; null if nobody observes exchanges
 * @param fromClient bytes so far
 * @param toClient bytes so far
 */
public record LiveTunnel(
        String id,
        String user,
        String host,
        @Nullable String route,
        Upstream upstream,
        Instant since,
        long fromClient,
        long toClient) {}
