package dev.sluice.engine.exchange;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.Tracing;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an exchange has done so far, for those who hear of its end or follow it. Confined to the exchange's event loop. */
public final class ExchangeTrace {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeTrace.class);

    /** That of exchanges which nobody observes: shared, and writes nothing down. */
    public static final ExchangeTrace UNWATCHED = new ExchangeTrace(false, null);

    private final boolean watched;
    private final Tracing.@Nullable Span span;
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

    private ExchangeTrace(boolean watched, Tracing.@Nullable Span span) {
        this.watched = watched;
        this.span = span;
        this.beganAt = watched ? System.nanoTime() : 0;
        this.enteredAt = beganAt;
    }

    /**
     * Begins with the exchange.
     *
     * @param span who follows it; null if nobody does
     */
    public static ExchangeTrace begin(Tracing.@Nullable Span span) {
        return new ExchangeTrace(true, span);
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

    void forwarding(Forward to) {
        if (watched) {
            upstream = to.upstream();
        }
        if (span != null) {
            tell(span -> span.forwarding(resolver, to));
        }
    }

    /** {@code edits} of the head that goes upstream, and behind them what it says of the trace. */
    HeaderEdits toUpstream(HeaderEdits edits) {
        if (span == null) {
            return edits;
        }
        try {
            return edits.then(span.toUpstream());
        } catch (RuntimeException e) {
            LOG.warn("tracing failed", e);
            return edits;
        }
    }

    void forwarded(int status, @Nullable ProxyFailure failure) {
        if (span != null) {
            tell(span -> span.forwarded(status, failure));
        }
    }

    private void tell(Consumer<Tracing.Span> news) {
        try {
            news.accept(Objects.requireNonNull(span));
        } catch (RuntimeException e) {
            LOG.warn("tracing failed", e);
        }
    }

    /** The whole of it, once; null if nobody observes. */
    public @Nullable ExchangeEnded ended(ProxyRequest request, int status, @Nullable ProxyFailure failure) {
        if (!watched) {
            return null;
        }
        boolean nobodyKnew = failure != null && failure.kind() == ProxyFailure.Kind.NO_ROUTE;
        ExchangeEnded ended = new ExchangeEnded(
                request,
                status,
                failure,
                nobodyKnew ? null : resolver,
                upstream,
                new ExchangeEnded.Nanos(authenticate, route, connect, firstByte, System.nanoTime() - beganAt),
                fromClient,
                toClient);
        if (span != null) {
            tell(span -> span.ended(ended));
        }
        return ended;
    }
}
