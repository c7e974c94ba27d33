package dev.sluice.engine.netty;

import dev.sluice.engine.exchange.Loop;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The event loop of one client's connection, with the connection's deadline. */
final class ExchangeLoop implements Loop {

    private final EventLoop loop;
    private final Deadline deadline;
    private boolean idle;

    ExchangeLoop(EventLoop loop, Deadline deadline) {
        this.loop = loop;
        this.deadline = deadline;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public <T> void await(
            CompletionStage<T> stage, long millis, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            if (future.isCompletedExceptionally()) {
                future.whenComplete(then);
            } else {
                then.accept(future.join(), null); // whenComplete would make one more stage
            }
            return;
        }
        deadline(millis);
        future.whenComplete((answer, failure) -> {
            if (loop.inEventLoop()) {
                then.accept(answer, failure);
            } else {
                loop.execute(() -> then.accept(answer, failure));
            }
        });
    }

    @Override
    public void deadline(long millis) {
        idle = false;
        deadline.set(millis);
    }

    @Override
    public void idleDeadline(long millis) {
        deadline.set(millis);
        idle = true;
    }

    @Override
    public void lifetime(long millis) {
        deadline.bound(millis);
    }

    @Override
    public boolean lifetimeOver() {
        return deadline.boundPassed();
    }

    /** A byte of a body has moved. */
    void moved() {
        if (idle) {
            deadline.touch();
        }
    }
}
