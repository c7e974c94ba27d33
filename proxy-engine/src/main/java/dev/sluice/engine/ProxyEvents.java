package dev.sluice.engine;

import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Observes a proxy. Called on event loops: it must not block, and what it throws is logged and changes nothing.
 */
public interface ProxyEvents {

    /** Observes nothing. */
    ProxyEvents NONE = new ProxyEvents() {};

    /**
     * An exchange has ended; called exactly once for each.
     *
     * @param status the status that the client was sent; 0 if none was
     * @param failure why it did not go as it should, null if it did; an error page or a fallback does not make a failure
     *     undone
     * @param took from the request's head to the response's last byte handed to the connection
     */
    default void exchangeEnded(ProxyRequest request, int status, @Nullable ProxyFailure failure, Duration took) {}

    /** A request was refused before it became one: its head is not what a proxy may pass on. */
    default void requestRefused(int status, String reason) {}
}
