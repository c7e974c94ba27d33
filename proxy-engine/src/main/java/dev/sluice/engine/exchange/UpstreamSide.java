package dev.sluice.engine.exchange;

/** A connection to an upstream that an exchange has for itself. */
public interface UpstreamSide {

    /** Whether the connection has carried an exchange before, so that the upstream may have closed it meanwhile. */
    boolean reused();

    /** Gives the connection back after a whole response, to be used again if the last response allows it. */
    void release();

    /** Closes the connection: whatever it still has to say belongs to an exchange that is over. */
    void discard();
}
