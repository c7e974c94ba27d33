package dev.sluice.api.spi;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** What the engine gives to a plugin. It outlives the plugin and is shut down by the engine, never by the plugin. */
public interface PluginContext {

    /** The plugin's own part of the configuration. */
    PluginConfig config();

    /** For calls to other services; never blocks an event loop. */
    HttpCalls http();

    /** For work that blocks; its threads are not event loops and are bounded in number. */
    Executor blocking();

    /** For work that waits; what runs on it must not block. Tasks that are due after a stop are dropped. */
    ScheduledExecutorService timer();

    /** The time; tests move it. */
    Clock clock();
}
