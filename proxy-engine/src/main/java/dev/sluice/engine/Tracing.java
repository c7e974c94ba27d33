package dev.sluice.engine;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision.Forward;
import org.jspecify.annotations.Nullable;

/**
 * Follows exchanges while they are under way, and carries their traces on to the upstreams. Called on event loops: it must
 * not block, and what it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface Tracing {

    /** Follows no exchange, and costs nothing. */
    Tracing NONE = request -> null;

    /** An exchange begins; null if it is not to be followed. */
    @Nullable
    Span begin(ProxyRequest request);

    /** What is heard of one exchange, all of it on that exchange's event loop. */
    interface Span {

        /**
         * The request is to be forwarded: once, and again each time that this fails and something else is tried.
         *
         * @param route the configured name of the resolver that decided; null if none could be asked, and this is for an error
         *     page
         */
        void forwarding(@Nullable String route, Forward to);

        /** What the head that goes upstream says of the trace; asked for between the calls before and behind this one. */
        HeaderEdits toUpstream();

        /**
         * What {@link #forwarding} began is over.
         *
         * @param status of the upstream's response; 0 if none came
         * @param failure why it did not go as it should, null if it did
         */
        void forwarded(int status, @Nullable ProxyFailure failure);

        /** The exchange has ended; called exactly once, last. */
        void ended(ExchangeEnded exchange);
    }
}
