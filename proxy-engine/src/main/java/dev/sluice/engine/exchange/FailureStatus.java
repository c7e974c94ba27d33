package dev.sluice.engine.exchange;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;

/** The one table from a failure to the status that a client sees. */
final class FailureStatus {

    private FailureStatus() {}

    static LocalResponse respond(ProxyFailure.Kind kind) {
        int status = switch (kind) {
            case CLIENT_PROTOCOL, CLIENT_CLOSED -> 400;
            case IDENTITY_ENDED -> 401;
            case NO_ROUTE -> 404;
            case CLIENT_IDLE -> 408;
            case COOKIE_ERROR, INTERNAL -> 500;
            case CONNECT_FAILED, UPSTREAM_CLOSED, UPSTREAM_PROTOCOL -> 502;
            case AUTH_ERROR, ROUTE_ERROR, SHUTDOWN -> 503;
            case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, UPSTREAM_IDLE -> 504;
        };
        return LocalResponse.status(status);
    }
}
