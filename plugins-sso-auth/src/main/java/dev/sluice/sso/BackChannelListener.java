package dev.sluice.sso;

import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the provider says that a session is over (OpenID Connect Back-Channel Logout 1.0). The message is a form in a
 * body, and no plugin sees bodies: so this is a small listener of its own, for the provider and nobody else.
 */
final class BackChannelListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackChannelListener.class);
    private static final int LARGEST = 16 * 1024;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration NEWEST = Duration.ofMinutes(5);
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private final TokenVerifier verifier;
    private final String issuer;
    private final String clientId;
    private final Sessions sessions;
    private final SessionStore store;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, task -> {
        Thread thread = new Thread(task, "sluice-back-channel");
        thread.setDaemon(true);
        return thread;
    });

    BackChannelListener(
            InetSocketAddress address,
            TokenVerifier verifier,
            String issuer,
            String clientId,
            Sessions sessions,
            SessionStore store,
            Clock clock,
            ScheduledExecutorService timer)
            throws IOException {
        this.verifier = verifier;
        this.issuer = issuer;
        this.clientId = clientId;
        this.sessions = sessions;
        this.store = store;
        this.clock = clock;
        this.timer = timer;
        server = HttpServer.create(address, 16);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        ScheduledFuture<?> tooLong = timer.schedule(exchange::close, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        try (exchange) {
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (!exchange.getRequestMethod().equals("POST")
                    || !exchange.getRequestURI().getPath().equals("/back-channel-logout")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.sendResponseHeaders(status(body(exchange)), -1);
        } finally {
            tooLong.cancel(false);
        }
    }

    private static String body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(LARGEST + 1);
            return body.length > LARGEST ? "" : new String(body, StandardCharsets.UTF_8);
        }
    }

    private int status(String form) {
        String token = Query.of("?" + form).get("logout_token");
        if (token == null) {
            return 400;
        }
        try {
            verifier.verify(
                            token,
                            clientId,
                            new JWTClaimsSet.Builder().issuer(issuer).build(),
                            Set.of("iat", "jti", "events"),
                            "logout+jwt")
                    .thenCompose(this::end)
                    .toCompletableFuture()
                    .join();
            return 200;
        } catch (CompletionException e) {
            LOG.warn("back-channel logout: {}", SsoFailure.unwrapped(e).getMessage());
            return SsoFailure.kindOf(e) == SsoFailure.Kind.REFUSED ? 400 : 503;
        }
    }

    private CompletionStage<Void> end(JWTClaimsSet claims) {
        Object sid = claims.getClaim("sid");
        Instant issued = claims.getIssueTime().toInstant();
        boolean named = sid instanceof String || claims.getSubject() != null;
        if (!named
                || claims.getClaim("nonce") != null
                || !(claims.getClaim("events") instanceof Map<?, ?> events)
                || !events.containsKey(EVENT)
                || issued.isBefore(clock.instant().minus(NEWEST))) {
            return CompletableFuture.failedFuture(SsoFailure.refused("not a logout token, or an old one"));
        }
        String group =
                sid instanceof String name ? Sessions.sidGroup(name) : Sessions.subjectGroup(claims.getSubject());
        String lease = "jti:" + Secrets.hash(claims.getJWTID());
        String owner = Secrets.random(8);
        return store.lease(lease, owner, NEWEST.multipliedBy(2))
                .thenCompose(first -> first
                        ? sessions.endAll(group).whenComplete((done, error) -> {
                            if (error != null) {
                                store.release(lease, owner); // the provider will say it again
                            }
                        })
                        : CompletableFuture.failedFuture(SsoFailure.refused("a logout token that was used before")));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
