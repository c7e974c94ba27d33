package dev.sluice.engine;

import java.net.InetAddress;

/**
 * Observes a proxy. Called on event loops: it must not block, and what it throws is logged and changes nothing.
 */
public interface ProxyEvents {

    /** Observes nothing, and costs nothing. */
    ProxyEvents NONE = new ProxyEvents() {};

    /** Tells both, this one first. */
    default ProxyEvents and(ProxyEvents other) {
        ProxyEvents first = this;
        return new ProxyEvents() {
            @Override
            public void exchangeEnded(ExchangeEnded exchange) {
                try {
                    first.exchangeEnded(exchange);
                } finally {
                    other.exchangeEnded(exchange);
                }
            }

            @Override
            public void requestRefused(InetAddress client, int status, String reason) {
                try {
                    first.requestRefused(client, status, reason);
                } finally {
                    other.requestRefused(client, status, reason);
                }
            }
        };
    }

    /** An exchange has ended; called exactly once for each. */
    default void exchangeEnded(ExchangeEnded exchange) {}

    /**
     * A request was refused before it became one: its head is not what a proxy may pass on.
     *
     * @param client the other end of the connection
     * @param reason for people; quotes nothing that the client sent
     */
    default void requestRefused(InetAddress client, int status, String reason) {}
}
