package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.benchmarks.Traffic;
import dev.sluice.engine.http.ClientRequest;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A request of a user whose session this replica knows: no look at the store, nothing made anew. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmark {

    private final KnownUser user = new KnownUser("""
            public-url = "https://jupyterlab-abc.apps.example.org"
            issuer = "https://sso.example.org"
            client-id = proxy
            headers { X-User = sub, X-Groups = groups }
            require = [ { claim = groups, any-of = [analysts] } ]
            """);
    private final ClientRequest request =
            Traffic.accepted(Traffic.BROWSER_REQUEST.replace("__Host-session=", user.cookie() + "; __Host-session="));

    @Benchmark
    public CompletionStage<AuthDecision> authenticate() {
        return user.authenticator().authenticate(request);
    }
}
