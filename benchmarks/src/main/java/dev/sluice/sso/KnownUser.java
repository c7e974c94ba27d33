package dev.sluice.sso;

import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.engine.config.HoconConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A user who has logged in, as far as the plugin and its store know; nobody asked a provider. */
public final class KnownUser implements AutoCloseable {

    private static final int CONNECTED_WITHIN_MILLIS = 10_000;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final SsoAuthenticator authenticator;
    private final String cookie;

    /** Begins a session in the store of {@code config}, the plugin's section. */
    public KnownUser(String config) {
        authenticator = (SsoAuthenticator) new SsoProvider().create(new Configured(HoconConfig.parse(config), timer));
        awaitStore();
        Instant now = Instant.now();
        Grant grant = new Grant(
                "alice",
                "alice",
                null,
                Map.of("sub", List.of("alice"), "groups", List.of("users", "analysts")),
                new SessionRecord.Tokens("access", "refresh", "id", Instant.MAX),
                Instant.MAX);
        String ticket = authenticator
                .parts()
                .sessions()
                .begin(SessionRecord.of(grant, null, now, now.plus(Duration.ofHours(12))))
                .toCompletableFuture()
                .join()
                .text();
        cookie = authenticator.parts().cookies().sessionName() + "=" + ticket;
    }

    private void awaitStore() {
        long begin = System.nanoTime();
        while (!authenticator.parts().store().reachable()) {
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) > CONNECTED_WITHIN_MILLIS) {
                throw new IllegalStateException("session store: not reachable");
            }
            Thread.onSpinWait();
        }
    }

    SsoAuthenticator authenticator() {
        return authenticator;
    }

    /** What the user's browser sends: name and value. */
    public String cookie() {
        return cookie;
    }

    @Override
    public void close() {
        authenticator.close();
        timer.shutdownNow();
    }

    private record Configured(PluginConfig config, ScheduledExecutorService timer) implements PluginContext {

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
