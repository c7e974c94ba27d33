package dev.sluice.engine;

import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * How one exchange went.
 *
 * @param request with its identity, if an authenticator vouched for one
 * @param status the status that the client was sent; 0 if none was
 * @param failure why it did not go as it should, null if it did; an error page or a fallback does not make a failure
 *     undone
 * @param route the configured name of the resolver that decided, null if none was asked or none knew the request
 * @param upstream where the request was sent, or was to be sent, last; null if it was not to be forwarded
 * @param nanos how long its phases took
 * @param fromClient bytes of the request's body, or of the tunnel, that came from the client; without chunk headers
 * @param toClient bytes of the response's body, or of the tunnel, that were handed to the client's connection
 */
public record ExchangeEnded(
        ProxyRequest request,
        int status,
        @Nullable ProxyFailure failure,
        @Nullable String route,
        @Nullable Upstream upstream,
        Nanos nanos,
        long fromClient,
        long toClient) {

    /**
     * Nanoseconds by phase; 0 if the exchange did not come so far.
     *
     * @param authenticate until the authenticators had answered
     * @param route until the resolvers had answered, a second time for an error page included
     * @param connect until a connection to the upstream was there
     * @param firstByte from then to the head of the response, the sending of the request included
     * @param total from the request's head to the response's last byte handed to the connection
     */
    public record Nanos(long authenticate, long route, long connect, long firstByte, long total) {}
}
