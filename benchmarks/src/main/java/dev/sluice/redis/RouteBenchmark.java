package dev.sluice.redis;

import dev.sluice.api.ForwardListener;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.benchmarks.Traffic;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Where a request goes, out of a replica's table of routes: a third of them hosts, a third prefixes of one host, a third
 * wildcards. Requests ask for each kind, and for a host that nobody knows, in turn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {

    private static final int REQUESTS = 1024;

    @Param("100000")
    private int routes;

    private final ProxyRequest[] requests = new ProxyRequest[REQUESTS];
    private final LiveRoutes live = new LiveRoutes(Duration.ofMinutes(10));
    private final RedisRouteResolver resolver = new RedisRouteResolver(live, Clock.systemUTC(), () -> {});
    private int next;

    @Setup
    public void fill() throws InvalidRouteException {
        RouteTable table = new RouteTable();
        RouteParser parser = new RouteParser("groups");
        Map<String, String> upstream = Map.of("upstream", "http://10.0.0.1:8888");
        for (int i = 0; i < routes; i++) {
            table.put(parser.parse(RouteKey.parse(key(i)), upstream, Route.NEVER, ForwardListener.NONE));
        }
        live.synced(table, 0);
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = request(i, (int) ((long) i * routes / REQUESTS));
        }
    }

    private static String key(int number) {
        return switch (number % 3) {
            case 0 -> "tool-" + number + ".apps.example.org";
            case 1 -> "example.org/tool-" + number;
            default -> "*.user-" + number + ".example.org";
        };
    }

    private static ProxyRequest request(int kind, int near) {
        int number = near - near % 3 + kind % 4;
        return switch (kind % 4) {
            case 0 -> get("tool-" + number + ".apps.example.org", "/lab");
            case 1 -> get("example.org", "/tool-" + number + "/lab");
            case 2 -> get("notebook.user-" + number + ".example.org", "/lab");
            default -> get("nobody-" + number + ".apps.example.org", "/lab");
        };
    }

    private static ProxyRequest get(String host, String path) {
        return Traffic.accepted("GET " + path + " HTTP/1.1\nHost: " + host + "\n\n");
    }

    @Benchmark
    public CompletionStage<RouteDecision> resolve() {
        next = (next + 1) % REQUESTS;
        return resolver.resolve(requests[next]);
    }
}
