package dev.sluice.engine.exchange;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The event loop that an exchange lives on, and its one deadline: {@link ProxyExchange#onDeadline} is called when it passes. */
public interface Loop extends Executor {

    /** Runs {@code task} on this loop, later. */
    @Override
    void execute(Runnable task);

    /**
     * Hands {@code stage}'s outcome to {@code then} on this loop: at once if it is complete, else later, with the deadline
     * in {@code millis}.
     */
    <T> void await(
            CompletionStage<T> stage, long millis, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then);

    /** Sets the deadline in {@code millis}. */
    void deadline(long millis);

    /** From now on, and until the exchange has ended, no deadline passes later than in {@code millis}. */
    void lifetime(long millis);

    /** Whether it was the lifetime that made the deadline pass. */
    boolean lifetimeOver();

    /** Sets the deadline in {@code millis} from now and, from then on, from every byte of a body that moves. */
    void idleDeadline(long millis);
}
