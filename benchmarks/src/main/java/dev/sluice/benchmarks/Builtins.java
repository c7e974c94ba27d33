package dev.sluice.benchmarks;

import dev.sluice.api.Authenticator;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.engine.builtin.AnonymousProvider;
import dev.sluice.engine.builtin.StaticProvider;
import dev.sluice.engine.config.HoconConfig;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The plugins that come with the engine, made as a deployment makes them. */
public final class Builtins {

    private Builtins() {}

    public static Authenticator anonymous() {
        return new AnonymousProvider().create(new Configured(HoconConfig.parse("")));
    }

    /** Four routes, of which the last but one takes {@link Traffic}'s hosts. */
    public static RouteResolver staticRoutes() {
        return new StaticProvider().create(new Configured(HoconConfig.parse("""
                routes = [
                  { host = "example.org", upstream = "http://127.0.0.1:9001", trust = trusted }
                  { host = "example.org", path = "/healthz", respond { status = 200 } }
                  { host = "*.example.org", upstream = "http://127.0.0.1:9000" }
                  { upstream = "http://127.0.0.1:9002" }
                ]
                """)));
    }

    /** They need nothing but their configuration. */
    private record Configured(PluginConfig config) implements PluginContext {

        @Override
        public HttpCalls http() {
            return call -> CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public Executor blocking() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledExecutorService timer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }
    }
}
