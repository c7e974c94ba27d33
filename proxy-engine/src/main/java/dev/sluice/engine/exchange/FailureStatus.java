package dev.sluice.engine.exchange;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;

/** The one table from a failure to the status that a client sees. */
final class FailureStatus {

    private FailureStatus() {}

    /** A plain answer: the status, and the exchange's id by which an operator finds the line in the log. */
    static LocalResponse respond(ProxyFailure.Kind kind, String exchangeId) {
        int status = of(kind);
        LocalResponse plain = LocalResponse.text(status, status + ", exchange " + exchangeId + "\n");
        return kind == ProxyFailure.Kind.OVERLOADED ? plain.withHeader("Retry-After", "1") : plain;
    }

    static int of(ProxyFailure.Kind kind) {
        return switch (kind) {
            case CLIENT_PROTOCOL, CLIENT_CLOSED -> 400;
            case IDENTITY_ENDED -> 401;
            case NO_ROUTE -> 404;
            case CLIENT_IDLE, CLIENT_SLOW -> 408;
            case COOKIE_ERROR, INTERNAL -> 500;
            case CONNECT_FAILED, UPSTREAM_CLOSED, UPSTREAM_PROTOCOL -> 502;
            case AUTH_ERROR, ROUTE_ERROR, OVERLOADED, SHUTDOWN -> 503;
            case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, UPSTREAM_IDLE, LIFETIME_ENDED -> 504;
        };
    }
}
