package dev.sluice.api;

/**
 * Hears how a forwarded request went. Called on the exchange's event loop, so it returns quickly and starts elsewhere
 * what takes time; what it throws is logged and changes nothing.
 */
public interface ForwardListener {

    /** Hears nothing. */
    ForwardListener NONE = new ForwardListener() {};

    /**
     * The head of the upstream's final response (or its 101) has arrived. Called at most once, and before
     * {@link #onOutcome}; whatever it starts is not affected by the client's leaving.
     *
     * @param status 101 or 200 to 999
     */
    default void onResponse(int status) {}

    /** Data has moved through the tunnel since the last call; at most about once a second. */
    default void onTunnelActivity() {}

    /** The forwarding has ended. Called exactly once for each {@link RouteDecision.Forward} that the engine began. */
    default void onOutcome(ForwardOutcome outcome) {}
}
