package dev.sluice.engine.exchange;

import dev.sluice.benchmarks.Builtins;
import dev.sluice.benchmarks.Traffic;
import dev.sluice.engine.When;
import dev.sluice.engine.http.ClientRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Who is asked about one request, with the plugins that come with the engine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChainBenchmark {

    private final AuthenticatorChain authenticators =
            new AuthenticatorChain(List.of(new AuthenticatorChain.Link(When.ALWAYS, Builtins.anonymous())));
    private final ResolverChain resolvers =
            new ResolverChain(List.of(new ResolverChain.Link("static", When.ALWAYS, Builtins.staticRoutes())));
    private final Executor open = Runnable::run;
    private final ClientRequest request = Traffic.accepted(Traffic.BROWSER_REQUEST);

    @Benchmark
    public CompletionStage<?> authenticate() {
        return authenticators.authenticate(request, open);
    }

    @Benchmark
    public CompletionStage<?> resolve() {
        return resolvers.resolve(request, open, ExchangeTrace.UNWATCHED);
    }
}
