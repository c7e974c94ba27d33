package dev.sluice.sso;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the provider again about sessions whose tokens come to their end, once for all requests of all replicas: a
 * refresh token may work only once. On a replica all share one attempt; between replicas a lease decides, which is kept
 * alive while the provider thinks, and whoever gets it looks first whether the work has been done.
 */
final class Renewals {

    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);
    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration REST = Duration.ofSeconds(2);
    private static final int SAVE_ATTEMPTS = 3;

    private final SessionStore store;
    private final Sessions sessions;
    private final IdentityProvider provider;
    private final Clock clock;
    private final ScheduledExecutorService timer;

    Renewals(
            SessionStore store,
            Sessions sessions,
            IdentityProvider provider,
            Clock clock,
            ScheduledExecutorService timer) {
        this.store = store;
        this.sessions = sessions;
        this.provider = provider;
        this.clock = clock;
        this.timer = timer;
    }

    /** Completes when the session needs no renewal any more; fails with an {@link SsoFailure} if it stays in need. */
    CompletionStage<Void> renew(Session session) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> running = session.renewing().compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        CompletionStage<Void> done;
        if (!isDue(session)) {
            done = CompletableFuture.completedFuture(null);
        } else if (session.isResting(clock.millis())) {
            done = CompletableFuture.failedFuture(
                    SsoFailure.unavailable("the provider was not reachable just now", null));
        } else {
            done = Calls.caught(() -> attempt(session, Secrets.random(8), System.nanoTime() + PATIENCE.toNanos()));
        }
        done.whenComplete((ok, error) -> {
            if (error == null) {
                session.renewing().set(null);
                mine.complete(null);
                return;
            }
            Throwable cause = SsoFailure.unwrapped(error);
            if (SsoFailure.kindOf(cause) != SsoFailure.Kind.ENDED && !session.isResting(clock.millis())) {
                session.restUntil(clock.millis() + REST.toMillis());
                LOG.warn("renewal of a session failed, trying again later: {}", cause.getMessage());
            }
            session.renewing().set(null);
            mine.completeExceptionally(cause);
        });
        return mine;
    }

    private boolean isDue(Session session) {
        return clock.millis() >= session.state().renewAt();
    }

    private CompletionStage<Void> attempt(Session session, String owner, long deadline) {
        String lease = "renew:" + session.key();
        return store.lease(lease, owner, LEASE).thenCompose(mine -> {
            if (!mine) {
                return lookAgain(session, owner, deadline);
            }
            ScheduledFuture<?> alive = timer.scheduleAtFixedRate(
                    () -> store.lease(lease, owner, LEASE),
                    LEASE.toMillis() / 3,
                    LEASE.toMillis() / 3,
                    TimeUnit.MILLISECONDS);
            return underLease(session).whenComplete((ok, error) -> {
                alive.cancel(false);
                store.release(lease, owner);
            });
        });
    }

    private CompletionStage<Void> lookAgain(Session session, String owner, long deadline) {
        CompletableFuture<Void> later = new CompletableFuture<>();
        timer.schedule(() -> later.complete(null), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        return later.thenCompose(now -> {
            if (!isDue(session)) {
                return CompletableFuture.completedFuture(null);
            }
            return System.nanoTime() - deadline > 0
                    ? CompletableFuture.failedFuture(SsoFailure.unavailable("another replica is still asking", null))
                    : attempt(session, owner, deadline);
        });
    }

    private CompletionStage<Void> underLease(Session session) {
        return sessions.reread(session).thenCompose(alive -> {
            if (!alive) {
                return CompletableFuture.failedFuture(SsoFailure.ended("the session has ended"));
            }
            if (!isDue(session)) {
                return CompletableFuture.completedFuture(null);
            }
            Session.State known = session.state();
            return provider.renew(known.record())
                    .handle((grant, error) -> error == null
                            ? save(session, known.version(), known.record().renewed(grant, clock.instant()), 1)
                            : failed(session, error))
                    .thenCompose(stage -> stage);
        });
    }

    /** The old refresh token may be spent by now: a store that stumbles is given another chance. */
    private CompletionStage<Void> save(Session session, long version, SessionRecord renewed, int attempt) {
        return sessions.save(session, version, renewed)
                .handle((saved, error) -> {
                    if (error != null && attempt < SAVE_ATTEMPTS) {
                        CompletableFuture<Void> later = new CompletableFuture<>();
                        timer.schedule(() -> later.complete(null), 200L * attempt, TimeUnit.MILLISECONDS);
                        return later.thenCompose(now -> save(session, version, renewed, attempt + 1));
                    }
                    if (error != null) {
                        return CompletableFuture.<Void>failedFuture(error);
                    }
                    return saved
                            ? CompletableFuture.<Void>completedFuture(null)
                            : sessions.reread(session)
                                    .<Void>thenCompose(alive -> alive
                                            ? CompletableFuture.completedFuture(null)
                                            : CompletableFuture.failedFuture(
                                                    SsoFailure.ended("the session has ended")));
                })
                .thenCompose(stage -> stage);
    }

    private CompletionStage<Void> failed(Session session, Throwable error) {
        return SsoFailure.kindOf(error) == SsoFailure.Kind.ENDED
                ? sessions.end(session).thenCompose(done -> CompletableFuture.failedFuture(error))
                : CompletableFuture.failedFuture(error);
    }
}
