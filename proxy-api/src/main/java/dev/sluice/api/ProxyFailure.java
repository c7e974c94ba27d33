package dev.sluice.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange failed: who (by {@link Kind#culprit()}), when (before or after the response's head), and the cause.
 *
 * @param committed whether the head of a response had gone to the client: then the connection was aborted, otherwise the
 *     client got an error response
 * @param cause for logs, if there is one; its message never reaches a client
 */
public record ProxyFailure(
        Kind kind, boolean committed, @Nullable Throwable cause) {

    /** Whose doing a failure was. */
    public enum Culprit {
        CLIENT,
        UPSTREAM,
        PLUGIN,
        ENGINE
    }

    /** What went wrong. */
    public enum Kind {
        /** An authenticator threw, returned null or missed its deadline. */
        AUTH_ERROR(Culprit.PLUGIN),
        /** A resolver threw, returned null or missed its deadline. */
        ROUTE_ERROR(Culprit.PLUGIN),
        /** Every resolver said that the request was not its own. */
        NO_ROUTE(Culprit.PLUGIN),
        /** The cookie merger threw or returned what cannot be sent. */
        COOKIE_ERROR(Culprit.PLUGIN),
        /** No connection to the upstream: refused, unresolved, unreachable, or its TLS did not verify. */
        CONNECT_FAILED(Culprit.UPSTREAM),
        /** No connection to the upstream in time. */
        CONNECT_TIMEOUT(Culprit.UPSTREAM),
        /** No head of a response in time. */
        RESPONSE_TIMEOUT(Culprit.UPSTREAM),
        /** The upstream closed or reset the connection before the end of its response. */
        UPSTREAM_CLOSED(Culprit.UPSTREAM),
        /** What the upstream sent is not HTTP, or not an answer to what was asked. */
        UPSTREAM_PROTOCOL(Culprit.UPSTREAM),
        /** The upstream neither sent nor took a byte of a body in time. */
        UPSTREAM_IDLE(Culprit.UPSTREAM),
        /** The client closed or reset the connection before the end of the exchange. */
        CLIENT_CLOSED(Culprit.CLIENT),
        /** What the client sent after the request's head is not HTTP. */
        CLIENT_PROTOCOL(Culprit.CLIENT),
        /** The client neither sent nor took a byte of a body in time. */
        CLIENT_IDLE(Culprit.CLIENT),
        /** The client sent its body more slowly than it has to. */
        CLIENT_SLOW(Culprit.CLIENT),
        /** The identity ended while the exchange was under way. */
        IDENTITY_ENDED(Culprit.PLUGIN),
        /** The exchange, or the tunnel, had lasted as long as one may. */
        LIFETIME_ENDED(Culprit.ENGINE),
        /** As much is under way already as the proxy is set to: calls of plugins, or exchanges with the upstream. */
        OVERLOADED(Culprit.ENGINE),
        /** The proxy is shutting down. */
        SHUTDOWN(Culprit.ENGINE),
        /** A defect of the engine. */
        INTERNAL(Culprit.ENGINE);

        private final Culprit culprit;

        Kind(Culprit culprit) {
            this.culprit = culprit;
        }

        public Culprit culprit() {
            return culprit;
        }
    }

    public ProxyFailure {
        Objects.requireNonNull(kind, "kind");
    }
}
