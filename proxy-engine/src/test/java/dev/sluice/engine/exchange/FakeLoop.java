package dev.sluice.engine.exchange;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A loop whose tasks run when the test says so; answers that come later are tasks too, as from another thread. */
final class FakeLoop implements Loop {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    long deadline;
    long lifetime;
    boolean lifetimeOver;
    boolean idle;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public <T> void await(
            CompletionStage<T> stage, long millis, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            future.whenComplete(then);
        } else {
            deadline(millis);
            future.whenComplete((answer, failure) -> execute(() -> then.accept(answer, failure)));
        }
    }

    @Override
    public void deadline(long millis) {
        deadline = millis;
        idle = false;
    }

    @Override
    public void lifetime(long millis) {
        lifetime = millis;
    }

    @Override
    public boolean lifetimeOver() {
        return lifetimeOver;
    }

    @Override
    public void idleDeadline(long millis) {
        deadline = millis;
        idle = true;
    }

    void run() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }
}
