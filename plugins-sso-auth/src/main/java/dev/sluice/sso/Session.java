package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Revocation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One session as this replica knows it: what the store held when it was last read, and what is under way. */
final class Session {

    /** One version of the record, with the decision that is made from it once and returned many times. */
    record State(
            SessionRecord record,
            long version,
            AuthDecision.Proceed proceed,
            CompletionStage<AuthDecision> answer,
            long renewAt,
            long renewBy) {
        @Override
        public String toString() {
            return "State[version " + version + "]";
        }
    }

    private final SessionTicket ticket;
    private final String key;
    private final BiFunction<SessionRecord, Revocation, AuthDecision.Proceed> decide;
    private final BiFunction<Session, Runnable, Revocation.Subscription> await;
    private final Ending ending = new Ending();
    private final AtomicReference<@Nullable CompletableFuture<Void>> renewing = new AtomicReference<>();
    private volatile State state;
    private volatile long expiresAt;
    private volatile long touchAt;
    private volatile long restingUntil;
    private volatile boolean stale;

    Session(
            SessionTicket ticket,
            SessionRecord record,
            long version,
            BiFunction<SessionRecord, Revocation, AuthDecision.Proceed> decide,
            BiFunction<Session, Runnable, Revocation.Subscription> await) {
        this.ticket = ticket;
        this.key = ticket.key();
        this.decide = decide;
        this.await = await;
        this.state = state(record, version);
    }

    private State state(SessionRecord record, long version) {
        AuthDecision.Proceed proceed = decide.apply(record, listener -> await.apply(this, listener));
        return new State(
                record,
                version,
                proceed,
                CompletableFuture.completedFuture(proceed),
                Times.millis(record.renewAt()),
                Times.millis(record.renewBy()));
    }

    /** Takes over {@code record}, unless a newer version is known. */
    synchronized void adopt(SessionRecord record, long version) {
        if (version > state.version) {
            state = state(record, version);
        }
    }

    SessionTicket ticket() {
        return ticket;
    }

    String key() {
        return key;
    }

    State state() {
        return state;
    }

    SessionRecord record() {
        return state.record;
    }

    Ending ending() {
        return ending;
    }

    /** The one renewal that is under way on this replica, if any. */
    AtomicReference<@Nullable CompletableFuture<Void>> renewing() {
        return renewing;
    }

    /** Whether the session may be used at {@code now} without a look at the store. */
    boolean isFresh(long now) {
        return !stale && now < expiresAt && !ending.hasEnded();
    }

    /** Something may have changed: the store is to be read before the session is used again. */
    void markStale() {
        stale = true;
    }

    void markRead(long expiresAt) {
        this.expiresAt = expiresAt;
        stale = false;
    }

    /** True for one of the callers once in {@code interval}: that one tells the store that the session is in use. */
    boolean isTouchDue(long now, long interval) {
        if (now < touchAt) {
            return false;
        }
        touchAt = now + interval;
        return true;
    }

    void touched(long expiresAt) {
        this.expiresAt = Math.max(this.expiresAt, expiresAt);
    }

    /** Whether the provider failed to answer just now, and is left in peace. */
    boolean isResting(long now) {
        return now < restingUntil;
    }

    void restUntil(long time) {
        restingUntil = time;
    }

    @Override
    public String toString() {
        return "Session[" + record().user() + "]";
    }
}
