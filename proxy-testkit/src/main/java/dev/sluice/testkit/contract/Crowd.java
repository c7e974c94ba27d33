package dev.sluice.testkit.contract;

import dev.sluice.testkit.contract.EventLoop.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many threads that ask one plugin at the same time, as many event loops do. */
final class Crowd {

    private static final int THREADS = 8;
    private static final int ROUNDS = 25;

    private Crowd() {}

    /** Looks at one answer; {@code number} is that of its question. */
    interface Check<D> {
        void accept(int number, D decision);
    }

    static <D> void ask(List<Question<D>> questions, Duration deadline, Check<D> check) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            var start = new CyclicBarrier(THREADS);
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int first = t;
                running.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < ROUNDS * questions.size(); i++) {
                        int number = (first + i) % questions.size();
                        Question<D> question = questions.get(number);
                        check.accept(number, EventLoop.answer(question, EventLoop.stage(question), deadline));
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("asked by " + THREADS + " threads: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
    }
}
