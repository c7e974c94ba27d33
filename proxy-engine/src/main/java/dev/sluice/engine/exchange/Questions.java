package dev.sluice.engine.exchange;

import dev.sluice.api.ProxyFailure.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one place where an answer that may take time re-enters an exchange's loop. At most one question is open, known by its
 * ticket: the answer to another goes to whoever disposes of it, and what another would still ask plugins is not asked.
 */
final class Questions {

    private final Loop loop;
    private final BiConsumer<Kind, Throwable> onFailure;
    private final PluginCalls pluginCalls;
    private int ticket;
    private boolean counted;

    Questions(Loop loop, PluginCalls pluginCalls, BiConsumer<Kind, Throwable> onFailure) {
        this.loop = loop;
        this.pluginCalls = pluginCalls;
        this.onFailure = onFailure;
    }

    /** The question that is open, if there is one, is of no interest any more. */
    void close() {
        ticket++;
        if (counted) {
            counted = false;
            pluginCalls.end();
        }
    }

    /** As {@link #ask}, of plugins: unless too many questions to them are open already. Late answers are of no interest. */
    <T> void askPlugins(
            Duration limit, Function<Executor, CompletionStage<T>> question, Kind onError, Consumer<T> then) {
        if (pluginCalls.full()) {
            onFailure.accept(
                    Kind.OVERLOADED,
                    new RejectedExecutionException(pluginCalls.most() + " calls of plugins under way"));
            return;
        }
        ask(true, limit, question, onError, then, late -> {});
    }

    /**
     * Asks, in place of what was asked before.
     *
     * @param question is given an executor on the loop that does nothing once the question is closed
     * @param onError what it is if the question throws, answers null or fails
     * @param late takes an answer that nobody waits for any more
     */
    <T> void ask(
            Duration limit,
            Function<Executor, CompletionStage<T>> question,
            Kind onError,
            Consumer<T> then,
            Consumer<T> late) {
        ask(false, limit, question, onError, then, late);
    }

    private <T> void ask(
            boolean ofPlugins,
            Duration limit,
            Function<Executor, CompletionStage<T>> question,
            Kind onError,
            Consumer<T> then,
            Consumer<T> late) {
        close();
        int mine = ticket;
        Executor open = task -> loop.execute(() -> {
            if (mine == ticket) {
                task.run();
            }
        });
        CompletionStage<T> stage;
        try {
            stage = Objects.requireNonNull(question.apply(open), "stage");
            if (ofPlugins && !stage.toCompletableFuture().isDone()) {
                counted = true;
                pluginCalls.begin();
            }
        } catch (Throwable e) { // a plugin's: checked ones of other languages and missing classes too
            onFailure.accept(onError, e);
            return;
        }
        loop.await(stage, limit.toMillis(), (answer, failure) -> {
            if (mine == ticket) {
                answered(onError, answer, failure, then);
            } else if (answer != null) {
                late.accept(answer);
            }
        });
    }

    private <T> void answered(Kind onError, @Nullable T answer, @Nullable Throwable failure, Consumer<T> then) {
        if (failure != null) {
            boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
            onFailure.accept(onError, wrapped ? failure.getCause() : failure);
        } else if (answer == null) {
            onFailure.accept(onError, new NullPointerException("answer"));
        } else {
            try {
                then.accept(answer);
            } catch (RuntimeException e) { // a stage would swallow it, and the exchange would never end
                onFailure.accept(Kind.INTERNAL, e);
            }
        }
    }
}
