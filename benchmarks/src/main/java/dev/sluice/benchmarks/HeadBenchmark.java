package dev.sluice.benchmarks;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Rewrite;
import dev.sluice.api.Upstream;
import dev.sluice.engine.http.ClientHead;
import dev.sluice.engine.http.ClientRequest;
import dev.sluice.engine.http.ForwardedHeaders;
import dev.sluice.engine.http.Framing;
import dev.sluice.engine.http.IdentityHeaders;
import dev.sluice.engine.http.RefusedHead;
import dev.sluice.engine.http.RequestRules;
import dev.sluice.engine.http.ResponseRules;
import dev.sluice.engine.http.UpstreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The pure functions on the heads of one exchange: a browser's request and a response with four cookies. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadBenchmark {

    private static final IdentityHeaders IDENTITY =
            IdentityHeaders.of(List.of("X-User", "X-User-Email", "X-User-Name", "X-Groups"));
    private static final HeaderEdits FROM_AUTHENTICATOR = HeaderEdits.builder()
            .put("X-User", "0b9d2b0e-1c53-4a53-a1e9-7d2a2a1f0a11")
            .put("X-User-Email", "ada@example.org")
            .build();

    private final RequestRules rules = Traffic.rules();
    private final ForwardedHeaders forwarding = new ForwardedHeaders(List.of());
    private final Upstream upstream = Upstream.of("http://127.0.0.1:9000");
    private final HttpRequest request = Traffic.request(Traffic.BROWSER_REQUEST);
    private final HttpResponse response = Traffic.response(Traffic.SESSION_REPLY);
    private final ClientRequest accepted = Traffic.accepted(Traffic.BROWSER_REQUEST);
    private final List<String> cookies = List.of(Traffic.browserCookies());
    private final List<String> setCookies = response.headers().getAll(HttpHeaderNames.SET_COOKIE);
    private final ByteBuf out = Unpooled.buffer(4096);

    /** Everything that makes a request acceptable, its framing, host and target. */
    @Benchmark
    public Object acceptRequest() throws RefusedHead {
        return rules.accept(request, Traffic.CLIENT, 1);
    }

    /** Hop-by-hop and identity headers stripped, cookies, the authenticator's edits and forwarding headers written. */
    @Benchmark
    public ByteBuf writeToUpstream() {
        UpstreamHead.write(
                out.clear(), accepted, Rewrite.NONE, upstream, FROM_AUTHENTICATOR, cookies, IDENTITY, forwarding);
        return out;
    }

    @Benchmark
    public Framing acceptResponse() throws RefusedHead {
        return ResponseRules.accept(response, accepted, "GET");
    }

    @Benchmark
    public ByteBuf writeToClient() {
        ClientHead.write(out.clear(), accepted, response, HeaderEdits.NONE, setCookies, Framing.length(13), true, 0);
        return out;
    }
}
