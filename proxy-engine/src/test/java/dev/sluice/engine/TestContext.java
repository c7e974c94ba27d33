package dev.sluice.engine;

import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** A context for plugins that need nothing but their configuration. */
public record TestContext(PluginConfig config) implements PluginContext {

    public static PluginContext of(PluginConfig config) {
        return new TestContext(config);
    }

    @Override
    public HttpCalls http() {
        throw new UnsupportedOperationException();
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
