package dev.sluice.api;

/**
 * Tells when an identity has ended before its time: logout, or an administrator's hand.
 *
 * <p>The engine subscribes for tunnels and for exchanges that last, and unsubscribes when they end, so that a session's
 * revocation holds as many listeners as it has long exchanges.
 */
@FunctionalInterface
public interface Revocation {

    /** An identity that is never revoked. */
    Revocation NEVER = listener -> () -> {};

    /**
     * Registers {@code listener}, to be run at most once, on any thread, when the identity is revoked; at once if it has
     * been already. The listener returns quickly and throws nothing.
     */
    Subscription onRevoked(Runnable listener);

    /** A registration that can be taken back. */
    @FunctionalInterface
    interface Subscription {
        /** Forgets the listener; harmless if it has run or if called twice. */
        void cancel();
    }
}
