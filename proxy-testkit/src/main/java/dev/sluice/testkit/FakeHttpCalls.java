package dev.sluice.testkit;

import dev.sluice.api.spi.HttpCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * HTTP calls that go nowhere: for races, where a test must hold an answer in its hand. Whatever else a plugin does with
 * HTTP is better tested with the engine's calls and a {@link dev.sluice.testkit.wire.ScriptedUpstream}, where bytes are
 * bytes.
 *
 * <p>Immutable, except for the record of calls, which copies made with {@link #on} share. May be used on any thread.
 */
public final class FakeHttpCalls implements HttpCalls {

    private final List<Rule> rules;
    private final List<Call> calls;

    private record Rule(Predicate<Call> when, Function<Call, CompletionStage<Reply>> then) {}

    private FakeHttpCalls(List<Rule> rules, List<Call> calls) {
        this.rules = rules;
        this.calls = calls;
    }

    /** Calls that all fail with an {@link IOException}. */
    public static FakeHttpCalls failing() {
        return new FakeHttpCalls(List.of(), new CopyOnWriteArrayList<>());
    }

    /** These calls, with {@code reply} for those that match and that no earlier rule took. */
    public FakeHttpCalls on(Predicate<Call> when, Reply reply) {
        return on(when, call -> CompletableFuture.completedFuture(reply));
    }

    /** These calls, with what {@code then} answers, at once or later, for those that match and no earlier rule took. */
    public FakeHttpCalls on(Predicate<Call> when, Function<Call, CompletionStage<Reply>> then) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(when, then));
        return new FakeHttpCalls(List.copyOf(more), calls);
    }

    /** The calls that were sent, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    @Override
    public CompletionStage<Reply> send(Call call) {
        calls.add(call);
        for (Rule rule : rules) {
            if (rule.when.test(call)) {
                return rule.then.apply(call);
            }
        }
        return CompletableFuture.failedFuture(new IOException("no scripted reply for " + call));
    }
}
