package dev.sluice.sso;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Looks at the store, each shared by all who want the same record at the time. */
final class StoreReads {

    /** One look at one record. */
    static final class Look {
        private final CompletableFuture<Optional<SessionStore.Stored>> result = new CompletableFuture<>();
        private volatile boolean overtaken;

        /** Whether a change was told meanwhile, which may not be in what was read. */
        boolean isOvertaken() {
            return overtaken;
        }
    }

    /** Makes something of what a look has found. */
    interface Reader<T> {
        CompletionStage<T> took(Look look, Optional<SessionStore.Stored> stored);
    }

    private final SessionStore store;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    StoreReads(SessionStore store) {
        this.store = store;
    }

    <T> CompletionStage<T> read(String key, Reader<T> reader) {
        Look fresh = new Look();
        Look running = looks.putIfAbsent(key, fresh);
        if (running != null) {
            return running.result.thenCompose(stored -> reader.took(running, stored));
        }
        CompletionStage<T> taken = fresh.result.thenCompose(stored -> reader.took(fresh, stored));
        store.read(key).whenComplete((stored, error) -> {
            if (error != null) {
                looks.remove(key, fresh);
                fresh.result.completeExceptionally(error);
            } else {
                fresh.result.complete(stored);
                looks.remove(key, fresh);
            }
        });
        return taken;
    }

    /** Whoever asks from now on has a look of his own. */
    void overtake(String key) {
        Look running = looks.remove(key);
        if (running != null) {
            running.overtaken = true;
        }
    }

    void overtakeAll() {
        looks.values().forEach(look -> look.overtaken = true);
    }
}
