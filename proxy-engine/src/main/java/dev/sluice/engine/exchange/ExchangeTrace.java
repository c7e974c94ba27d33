package dev.sluice.engine.exchange;

import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ExchangeEnded;
import org.jspecify.annotations.Nullable;

/** What an exchange has done so far, for those who hear of its end. Confined to the exchange's event loop. */
public final class ExchangeTrace {

    /** That of exchanges which nobody observes: shared, and writes nothing down. */
    public static final ExchangeTrace UNWATCHED = new ExchangeTrace(false);

    private final boolean watched;
    private final long beganAt;
    private Phase phase = Phase.AUTHENTICATE;
    private long enteredAt;
    private long authenticate;
    private long route;
    private long connect;
    private long firstByte;
    private @Nullable String resolver;
    private @Nullable Upstream upstream;
    private long fromClient;
    private long toClient;

    private ExchangeTrace(boolean watched) {
        this.watched = watched;
        this.beganAt = watched ? System.nanoTime() : 0;
        this.enteredAt = beganAt;
    }

    /** Begins with the exchange. */
    public static ExchangeTrace begin() {
        return new ExchangeTrace(true);
    }

    /** The configured name of the resolver that was asked last; null if none was. */
    public @Nullable String resolver() {
        return resolver;
    }

    /** Bytes of the request's body, or of the tunnel, have come from the client. */
    public void received(long bytes) {
        if (watched) {
            fromClient += bytes;
        }
    }

    /** Bytes of the response's body, or of the tunnel, have been handed to the client's connection. */
    public void sent(long bytes) {
        if (watched) {
            toClient += bytes;
        }
    }

    void entered(Phase next) {
        if (watched) {
            long now = System.nanoTime();
            long took = now - enteredAt;
            switch (phase) {
                case AUTHENTICATE -> authenticate += took;
                case ROUTE -> route += took;
                case CONNECT -> connect += took;
                case SEND, REPLY -> firstByte += took;
                case STREAM, TUNNEL, DONE -> {} // what is left of the total
            }
            phase = next;
            enteredAt = now;
        }
    }

    void asks(String name) {
        if (watched) {
            resolver = name;
        }
    }

    void connects(Upstream to) {
        if (watched) {
            upstream = to;
        }
    }

    /** The whole of it, once; null if nobody observes. */
    public @Nullable ExchangeEnded ended(ProxyRequest request, int status, @Nullable ProxyFailure failure) {
        if (!watched) {
            return null;
        }
        boolean nobodyKnew = failure != null && failure.kind() == ProxyFailure.Kind.NO_ROUTE;
        return new ExchangeEnded(
                request,
                status,
                failure,
                nobodyKnew ? null : resolver,
                upstream,
                new ExchangeEnded.Nanos(authenticate, route, connect, firstByte, System.nanoTime() - beganAt),
                fromClient,
                toClient);
    }
}
