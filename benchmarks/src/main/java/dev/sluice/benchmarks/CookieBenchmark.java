package dev.sluice.benchmarks;

import dev.sluice.api.OwnCookies;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.engine.builtin.DefaultCookieMerger;
import dev.sluice.engine.http.ClientRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The default merger between an untrusted application and a browser with six cookies, two of them the proxy's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CookieBenchmark {

    private final DefaultCookieMerger merger = new DefaultCookieMerger();
    private final OwnCookies own = OwnCookies.of(Set.copyOf(Traffic.OWN_COOKIES));
    private final ClientRequest request = Traffic.accepted(Traffic.BROWSER_REQUEST);
    private final List<String> fromBrowser = List.of(Traffic.browserCookies());
    private final List<String> fromApplication =
            Traffic.response(Traffic.SESSION_REPLY).headers().getAll(HttpHeaderNames.SET_COOKIE);
    private final List<SetCookie> none = List.of();

    @Benchmark
    public List<String> toUpstream() {
        return merger.toUpstream(request, Trust.UNTRUSTED, own, fromBrowser);
    }

    @Benchmark
    public List<String> toClient() {
        return merger.toClient(request, Trust.UNTRUSTED, own, fromApplication, none);
    }
}
