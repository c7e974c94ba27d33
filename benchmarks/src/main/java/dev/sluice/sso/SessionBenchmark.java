package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.benchmarks.Traffic;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.http.ClientRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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

    private final SsoAuthenticator authenticator =
            (SsoAuthenticator) new SsoProvider().create(new Configured(HoconConfig.parse("""
                    public-url = "https://jupyterlab-abc.apps.example.org"
                    issuer = "https://sso.example.org"
                    client-id = proxy
                    headers { X-User = sub, X-Groups = groups }
                    require = [ { claim = groups, any-of = [analysts] } ]
                    """)));
    private final ClientRequest request = Traffic.accepted(
            Traffic.BROWSER_REQUEST.replace("__Host-session=", "__Host-sluice=" + ticket() + "; __Host-session="));

    private String ticket() {
        Instant now = Instant.now();
        Grant grant = new Grant(
                "alice",
                "alice",
                null,
                Map.of("sub", List.of("alice"), "groups", List.of("users", "analysts")),
                new SessionRecord.Tokens("access", "refresh", "id", Instant.MAX),
                Instant.MAX);
        return authenticator
                .parts()
                .sessions()
                .begin(SessionRecord.of(grant, null, now, now.plus(Duration.ofHours(12))))
                .toCompletableFuture()
                .join()
                .text();
    }

    @Benchmark
    public CompletionStage<AuthDecision> authenticate() {
        return authenticator.authenticate(request);
    }

    private record Configured(PluginConfig config, ScheduledExecutorService timer) implements PluginContext {

        Configured(PluginConfig config) {
            this(config, Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            }));
        }

        @Override
        public HttpCalls http() {
            return call -> CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public Executor blocking() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }
    }
}
