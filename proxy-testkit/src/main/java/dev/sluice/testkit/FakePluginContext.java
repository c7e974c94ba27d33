package dev.sluice.testkit;

import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A plugin's surroundings under the test's control: time stands still, blocking work runs on the calling thread, HTTP
 * calls fail, unless the test says otherwise.
 */
public final class FakePluginContext implements PluginContext {

    private final PluginConfig config;
    private final HttpCalls http;
    private final Executor blocking;
    private final ManualClock clock;
    private final ManualTimer timer;

    /** Surroundings with {@code config}; anything else as said above. */
    public FakePluginContext(PluginConfig config) {
        this(config, FakeHttpCalls.failing(), Runnable::run, new ManualClock());
    }

    private FakePluginContext(PluginConfig config, HttpCalls http, Executor blocking, ManualClock clock) {
        this(config, http, blocking, clock, new ManualTimer(clock));
    }

    private FakePluginContext(
            PluginConfig config, HttpCalls http, Executor blocking, ManualClock clock, ManualTimer timer) {
        this.config = config;
        this.http = http;
        this.blocking = blocking;
        this.clock = clock;
        this.timer = timer;
    }

    /** These surroundings, clock and timer included, with {@code http}. */
    public FakePluginContext withHttp(HttpCalls http) {
        return new FakePluginContext(config, http, blocking, clock, timer);
    }

    /** These surroundings, clock and timer included, with {@code blocking}. */
    public FakePluginContext withBlocking(Executor blocking) {
        return new FakePluginContext(config, http, blocking, clock, timer);
    }

    /** Moves the clock and runs what becomes due; see {@link ManualTimer#advance}. */
    public ManualTimer manualTimer() {
        return timer;
    }

    @Override
    public PluginConfig config() {
        return config;
    }

    @Override
    public HttpCalls http() {
        return http;
    }

    @Override
    public Executor blocking() {
        return blocking;
    }

    @Override
    public ScheduledExecutorService timer() {
        return timer;
    }

    @Override
    public ManualClock clock() {
        return clock;
    }
}
