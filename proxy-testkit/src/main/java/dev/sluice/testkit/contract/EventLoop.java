package dev.sluice.testkit.contract;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a plugin as the engine does: on a thread that must not be held up, for an answer that may come from any. */
final class EventLoop implements AutoCloseable {

    /** Generous: a machine that runs other tests may take a thread away for a while. */
    private static final Duration PROMPT = Duration.ofMillis(100);

    private static final int ATTEMPTS = 5;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread loop = new Thread(task, "event-loop");
        loop.setDaemon(true);
        return loop;
    });

    /** A question for a plugin. Its text names it in failures. */
    record Question<D>(String text, Callable<CompletionStage<D>> call) {}

    /** What it cost the calling thread to ask. */
    private record Cost(Duration time, long waits) {
        boolean prompt() {
            return waits == 0 && time.compareTo(PROMPT) <= 0;
        }
    }

    /** The plugin's answer, which is not null and comes in time. */
    <D> D ask(Question<D> question, Duration deadline) throws Exception {
        return answer(question, within(thread.submit(() -> stage(question)), question, deadline), deadline);
    }

    /**
     * Fails if the calling thread waits (parks, sleeps, waits for a lock's condition) or is held up for long in every one of
     * a few attempts: once may be the scheduler's doing, or a class that is being loaded.
     */
    <D> void requirePrompt(Question<D> question, Duration deadline) throws Exception {
        List<Cost> costs = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var stage = new CompletableFuture<CompletionStage<D>>();
            Cost cost = within(thread.submit(() -> cost(question, stage)), question, deadline);
            answer(question, stage.join(), deadline);
            if (cost.prompt()) {
                return;
            }
            costs.add(cost);
        }
        throw new AssertionError(question.text + " held up the calling thread in each of " + ATTEMPTS + " calls: "
                + costs + " (expected: no wait, and at most " + PROMPT.toMillis() + " ms)");
    }

    private <D> Cost cost(Question<D> question, CompletableFuture<CompletionStage<D>> stage) throws Exception {
        long waits = waits();
        long start = System.nanoTime();
        CompletionStage<D> asked = stage(question);
        Cost cost = new Cost(Duration.ofNanos(System.nanoTime() - start), waits() - waits);
        stage.complete(asked);
        return cost;
    }

    private long waits() {
        return threads.getThreadInfo(Thread.currentThread().getId()).getWaitedCount();
    }

    static <D> CompletionStage<D> stage(Question<D> question) {
        CompletionStage<D> stage;
        try {
            stage = question.call.call();
        } catch (Exception e) {
            throw new AssertionError(question.text + " threw " + e + " (expected: a stage)", e);
        }
        if (stage == null) {
            throw new AssertionError(question.text + " returned null (expected: a stage)");
        }
        return stage;
    }

    /** Waits on the calling thread, which is not the event loop. */
    static <D> D answer(Question<D> question, CompletionStage<D> stage, Duration deadline) throws InterruptedException {
        var outcome = new CompletableFuture<D>();
        stage.whenComplete((decision, failure) -> {
            if (failure != null) {
                outcome.completeExceptionally(failure);
            } else {
                outcome.complete(decision);
            }
        });
        D decision;
        try {
            decision = outcome.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(question.text + " did not decide within " + deadline, e);
        } catch (ExecutionException e) {
            throw new AssertionError(question.text + " failed with " + e.getCause() + " (expected: a decision)", e);
        }
        if (decision == null) {
            throw new AssertionError(question.text + " decided null (expected: a decision)");
        }
        return decision;
    }

    private static <T> T within(Future<T> called, Question<?> question, Duration deadline) throws InterruptedException {
        try {
            return called.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(question.text + " did not return within " + deadline, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failure) {
                throw failure;
            }
            throw new AssertionError(question.text + " failed", e.getCause());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
