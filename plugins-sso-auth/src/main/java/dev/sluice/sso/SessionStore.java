package dev.sluice.sso;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Where sealed session records live, and the few things that replicas agree on. No method blocks; a stage fails with
 * {@link SsoFailure.Kind#UNAVAILABLE} if the store cannot be asked.
 */
interface SessionStore extends AutoCloseable {

    /**
     * One record as stored.
     *
     * @param version grows with every {@link #replace}
     */
    record Stored(byte[] sealed, long version, Instant expiresAt) {
        @Override
        public String toString() {
            return "Stored[version " + version + "]";
        }
    }

    /** Hears of records that were changed or removed, by whomever. Called on any thread; returns quickly. */
    interface Listener {
        /** The record of {@code key} is not what it was, or is gone. */
        void changed(String key);

        /** From now on changes may be missed. */
        void lost();

        /** Changes are heard again; those since {@link #lost} were missed. */
        void regained();

        /** Hears and does nothing. */
        Listener NONE = new Listener() {
            @Override
            public void changed(String key) {}

            @Override
            public void lost() {}

            @Override
            public void regained() {}
        };
    }

    /** Stores a new record, version 1. */
    CompletionStage<Void> create(String key, byte[] sealed, Instant expiresAt);

    /** Names {@code key} in {@code group} until {@code until}. */
    CompletionStage<Void> join(String group, String key, Instant until);

    /** The record, unless it is not there or has expired. */
    CompletionStage<Optional<Stored>> read(String key);

    /** Replaces a record if it still has {@code version}; false if it has not or is gone. */
    CompletionStage<Boolean> replace(String key, long version, byte[] sealed);

    /** Moves the end of a record; false if it is gone. */
    CompletionStage<Boolean> touch(String key, Instant expiresAt);

    /** Removes a record; true for exactly one of several callers. */
    CompletionStage<Boolean> delete(String key);

    /** The keys that were named in {@code group}; the records of some may be gone. */
    CompletionStage<Set<String>> members(String group);

    /** Takes or extends the lease {@code name} for {@code owner}, for {@code life}; false if another holds it. */
    CompletionStage<Boolean> lease(String name, String owner, Duration life);

    /** Gives the lease up, if {@code owner} holds it. */
    CompletionStage<Void> release(String name, String owner);

    /** Sets the one listener. */
    void listen(Listener listener);

    /** Whether the store answers at present. */
    boolean reachable();

    @Override
    void close();
}
