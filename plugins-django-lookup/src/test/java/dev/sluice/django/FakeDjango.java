package dev.sluice.django;

import dev.sluice.api.spi.HttpCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Django's answers, in the test's hand: by method and application, in order, the last one again and again. */
final class FakeDjango implements HttpCalls {

    private final Map<String, Deque<CompletableFuture<Reply>>> answers = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /** @param call for example {@code GET lab} */
    FakeDjango answer(String call, int status, String json) {
        hold(call).complete(new Reply(status, List.of(), json.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    FakeDjango fail(String call, IOException failure) {
        hold(call).completeExceptionally(failure);
        return this;
    }

    /** The next answer to {@code call}, to be completed by the test. */
    CompletableFuture<Reply> hold(String call) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        answers.computeIfAbsent(call, c -> new ArrayDeque<>()).add(answer);
        return answer;
    }

    /** Forgets what was said, for another chapter of a test. */
    FakeDjango from(String call) {
        answers.remove(call);
        return this;
    }

    List<Call> calls() {
        return calls;
    }

    /** The calls so far, such as {@code GET lab}. */
    List<String> log() {
        return calls.stream().map(FakeDjango::name).toList();
    }

    private static String name(Call call) {
        String path = call.uri().getPath();
        return call.method() + " " + path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public synchronized CompletionStage<Reply> send(Call call) {
        calls.add(call);
        Deque<CompletableFuture<Reply>> known = answers.get(name(call));
        if (known == null) {
            return CompletableFuture.failedFuture(new IOException("no answer scripted for " + name(call)));
        }
        return known.size() > 1 ? known.remove() : known.element();
    }
}
