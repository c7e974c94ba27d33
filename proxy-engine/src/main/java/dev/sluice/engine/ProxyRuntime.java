package dev.sluice.engine;

import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Stand-in. */
public final class ProxyRuntime implements AutoCloseable {
    private final Clock clock;

    private ProxyRuntime(Clock clock) {
        this.clock = clock;
    }

    public static ProxyRuntime start(ProxySettings.Transport transport, Clock clock) {
        return new ProxyRuntime(clock);
    }

    public PluginContext contextFor(PluginConfig config) {
        return new PluginContext() {
            @Override
            public PluginConfig config() {
                return config;
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
                return clock;
            }
        };
    }

    @Override
    public void close() {}
}
