package dev.sluice.sso;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Calls of what others wrote, which may throw where it should fail: whoever waits for the stage must hear of it. */
final class Calls {

    private Calls() {}

    /** The stage of {@code call}; a failed one if it throws. */
    static <T> CompletionStage<T> caught(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
