package dev.sluice.redis;

import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A plugin's surroundings with a timer that runs. */
record TestContext(PluginConfig config, Clock clock) implements PluginContext {

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "test-timer");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public HttpCalls http() {
        throw new AssertionError("routes need no HTTP");
    }

    @Override
    public Executor blocking() {
        throw new AssertionError("routes do not block");
    }

    @Override
    public ScheduledExecutorService timer() {
        return TIMER;
    }
}
