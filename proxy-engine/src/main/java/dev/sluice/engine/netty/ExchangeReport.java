package dev.sluice.engine.netty;

import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Culprit;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.ProxyEvents;
import dev.sluice.engine.Tracing;
import dev.sluice.engine.exchange.ExchangeTrace;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log, the observer and the tracer of exchanges; what the two throw changes nothing. */
public final class ExchangeReport {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeReport.class);

    private final ProxyEvents events;
    private final Tracing tracing;
    private final Seldom overload = new Seldom();

    public ExchangeReport(ProxyEvents events, Tracing tracing) {
        this.events = events;
        this.tracing = tracing;
    }

    /** That of the exchange that begins with {@code request}. */
    ExchangeTrace trace(ProxyRequest request) {
        if (tracing != Tracing.NONE) {
            return ExchangeTrace.begin(follow(request));
        }
        return events == ProxyEvents.NONE ? ExchangeTrace.UNWATCHED : ExchangeTrace.begin(null);
    }

    private Tracing.@Nullable Span follow(ProxyRequest request) {
        try {
            return tracing.begin(request);
        } catch (RuntimeException e) {
            LOG.warn("tracing failed", e);
            return null;
        }
    }

    void ended(ExchangeTrace trace, ProxyRequest request, int status, @Nullable ProxyFailure failure) {
        if (failure != null && isOperatorsBusiness(status, failure) && !isRepetition(failure)) {
            LOG.warn("{} {} {}: {}", request.id(), status, failure.kind(), LogText.of(failure.cause()));
        }
        ExchangeEnded ended = trace.ended(request, status, failure);
        if (ended == null) {
            return;
        }
        try {
            events.exchangeEnded(ended);
        } catch (RuntimeException e) {
            LOG.warn("observer failed", e);
        }
    }

    void refused(InetAddress client, int status, String reason) {
        try {
            events.requestRefused(client, status, reason);
        } catch (RuntimeException e) {
            LOG.warn("observer failed", e);
        }
    }

    /** An overload is told of once a minute: it consists of many. */
    private boolean isRepetition(ProxyFailure failure) {
        return failure.kind() == Kind.OVERLOADED && !overload.now();
    }

    /** Not a client's leaving, nor an end that somebody asked for, nor a failure that a fallback made good. */
    private static boolean isOperatorsBusiness(int status, ProxyFailure failure) {
        boolean wanted = failure.kind() == Kind.SHUTDOWN || failure.kind() == Kind.IDENTITY_ENDED;
        boolean madeGood = !failure.committed() && status > 0 && status < 500;
        return failure.kind().culprit() != Culprit.CLIENT && !wanted && !madeGood;
    }
}
