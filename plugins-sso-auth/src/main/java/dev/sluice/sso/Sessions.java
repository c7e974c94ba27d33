package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Revocation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of the deployment, as seen from this replica: those that were used lately are kept decrypted, until the
 * store says that they have changed.
 */
final class Sessions implements SessionStore.Listener {

    private static final Duration LONGEST_TOUCH_INTERVAL = Duration.ofMinutes(1);

    private final SessionStore store;
    private final SessionCodec codec;
    private final BiFunction<SessionRecord, Revocation, AuthDecision.Proceed> decide;
    private final @Nullable String mainHost;
    private final Clock clock;
    private final Duration idle;
    private final long touchInterval;
    private final StoreReads reads;
    private final SessionCache cache = new SessionCache();

    /**
     * @param mainHost the only host where a session counts, other than through a link; null if the cookie is domain-wide
     * @param idle how long a session lives unused
     */
    Sessions(
            SessionStore store,
            SessionCodec codec,
            BiFunction<SessionRecord, Revocation, AuthDecision.Proceed> decide,
            @Nullable String mainHost,
            Clock clock,
            Duration idle) {
        this.store = store;
        this.reads = new StoreReads(store);
        this.codec = codec;
        this.decide = decide;
        this.mainHost = mainHost;
        this.clock = clock;
        this.idle = idle;
        Duration quarter = idle.dividedBy(4);
        this.touchInterval =
                (quarter.compareTo(LONGEST_TOUCH_INTERVAL) < 0 ? quarter : LONGEST_TOUCH_INTERVAL).toMillis();
        store.listen(this);
    }

    /** The session that one of {@code values} opens at {@code host}, if that can be told without a look at the store. */
    @Nullable
    Session cached(List<String> values, String host) {
        long now = clock.millis();
        for (int i = 0; i < values.size(); i++) {
            SessionTicket ticket = SessionTicket.parse(values.get(i));
            SessionCache.Door door = ticket == null ? null : cache.door(ticket);
            if (ticket != null
                    && door != null
                    && door.opens(ticket, host)
                    && door.session().isFresh(now)) {
                touch(door.session(), now);
                return door.session();
            }
        }
        return null;
    }

    /** The session that the first valid one of {@code values} opens at {@code host}. */
    CompletionStage<Optional<Session>> find(List<String> values, String host) {
        return find(values, 0, host);
    }

    private CompletionStage<Optional<Session>> find(List<String> values, int from, String host) {
        if (from == values.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        SessionTicket ticket = SessionTicket.parse(values.get(from));
        CompletionStage<Optional<Session>> found =
                ticket == null ? CompletableFuture.completedFuture(Optional.empty()) : open(ticket, host, true);
        return found.thenCompose(session -> {
            if (session.isEmpty()) {
                return find(values, from + 1, host);
            }
            touch(session.get(), clock.millis());
            return CompletableFuture.completedFuture(session);
        });
    }

    private CompletionStage<Optional<Session>> open(SessionTicket ticket, String host, boolean mayBeLink) {
        SessionCache.Door door = cache.door(ticket);
        if (door != null) {
            return door.opens(ticket, host)
                    ? reread(door.session()).thenApply(alive -> alive ? Optional.of(door.session()) : Optional.empty())
                    : CompletableFuture.completedFuture(Optional.empty());
        }
        return reads.read(ticket.key(), (look, stored) -> {
            Object record =
                    stored.isEmpty() ? null : codec.open(ticket, stored.get().sealed());
            if (record instanceof SessionRecord session) {
                Session known = known(ticket, session, stored.get(), look);
                return CompletableFuture.completedFuture(
                        cache.addDoor(ticket, mainHost, known).opens(ticket, host)
                                ? Optional.of(known)
                                : Optional.empty());
            }
            return record instanceof SessionLink link
                            && mayBeLink
                            && link.state().isEmpty()
                    ? follow(ticket, link, host)
                    : CompletableFuture.completedFuture(Optional.empty());
        });
    }

    private CompletionStage<Optional<Session>> follow(SessionTicket ticket, SessionLink link, String host) {
        SessionTicket parent = SessionTicket.parse(link.parent());
        if (parent == null || mainHost == null || !link.host().equals(host)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return open(parent, mainHost, false).thenApply(found -> {
            found.ifPresent(session -> cache.addDoor(ticket, link.host(), session));
            return found;
        });
    }

    /** Reads the store again; false if the session is over. */
    CompletionStage<Boolean> reread(Session session) {
        return reads.read(session.key(), (look, stored) -> {
            Object record = stored.isEmpty()
                    ? null
                    : codec.open(session.ticket(), stored.get().sealed());
            if (record instanceof SessionRecord current) {
                session.adopt(current, stored.get().version());
                markRead(session, stored.get(), look);
                return CompletableFuture.completedFuture(!session.ending().hasEnded());
            }
            forget(session);
            return CompletableFuture.completedFuture(false);
        });
    }

    private Session known(
            SessionTicket ticket, SessionRecord record, SessionStore.Stored stored, StoreReads.Look look) {
        Session session =
                cache.get(ticket.key(), () -> new Session(ticket, record, stored.version(), decide, this::await));
        session.adopt(record, stored.version());
        markRead(session, stored, look);
        return session;
    }

    /** A change that was told while the store was being read may not be in what was read. */
    private static void markRead(Session session, SessionStore.Stored stored, StoreReads.Look look) {
        session.markRead(Times.millis(stored.expiresAt()));
        if (look.isOvertaken()) {
            session.markStale();
        }
    }

    /** A session may have been dropped between its request's decision and the tunnel that comes of it. */
    private Revocation.Subscription await(Session session, Runnable listener) {
        Session watched = cache.get(session.key(), () -> {
            session.markStale();
            return session;
        });
        Revocation.Subscription subscription = watched.ending().onRevoked(listener);
        if (!watched.isFresh(clock.millis())) {
            reread(watched);
        }
        return subscription;
    }

    private void touch(Session session, long now) {
        if (!session.isTouchDue(now, touchInterval)) {
            return;
        }
        Instant until = Times.earlier(
                Instant.ofEpochMilli(now).plus(idle), session.record().endsAt());
        store.touch(session.key(), until).thenAccept(alive -> {
            if (alive) {
                session.touched(until.toEpochMilli());
            } else {
                forget(session);
            }
        });
    }

    /** Begins a session. */
    CompletionStage<SessionTicket> begin(SessionRecord record) {
        SessionTicket ticket = SessionTicket.random();
        Instant until = Times.earlier(clock.instant().plus(idle), record.endsAt());
        String sid = record.sid();
        return store.create(ticket.key(), codec.seal(ticket, record), until)
                .thenCompose(done -> store.join(subjectGroup(record.subject()), ticket.key(), record.endsAt()))
                .thenCompose(done -> sid == null
                        ? CompletableFuture.completedFuture(null)
                        : store.join(sidGroup(sid), ticket.key(), record.endsAt()))
                .thenApply(done -> ticket);
    }

    /** Saves a renewed record; false if the session has changed or gone meanwhile. */
    CompletionStage<Boolean> save(Session session, long version, SessionRecord record) {
        return store.replace(session.key(), version, codec.seal(session.ticket(), record))
                .thenApply(saved -> {
                    if (saved) {
                        session.adopt(record, version + 1);
                    }
                    return saved;
                });
    }

    /** Stores a record that stands for {@code parent} at another host. */
    CompletionStage<SessionTicket> link(SessionLink link, Instant until) {
        SessionTicket ticket = SessionTicket.random();
        return store.create(ticket.key(), codec.seal(ticket, link), until).thenApply(done -> ticket);
    }

    /** Takes a one-time link away; empty if it is not there, or was taken before. */
    CompletionStage<Optional<SessionLink>> take(SessionTicket ticket) {
        return store.read(ticket.key()).thenCompose(stored -> {
            Object record =
                    stored.isEmpty() ? null : codec.open(ticket, stored.get().sealed());
            return record instanceof SessionLink link && !link.state().isEmpty()
                    ? store.delete(ticket.key()).thenApply(first -> first ? Optional.of(link) : Optional.empty())
                    : CompletableFuture.completedFuture(Optional.empty());
        });
    }

    /** Ends a session, on every replica. */
    CompletionStage<Void> end(Session session) {
        return end(session.key());
    }

    /** Ends every session that was begun for {@code group}. */
    CompletionStage<Void> endAll(String group) {
        return store.members(group)
                .thenCompose(keys -> CompletableFuture.allOf(
                        keys.stream().map(key -> end(key).toCompletableFuture()).toArray(CompletableFuture<?>[]::new)));
    }

    private CompletionStage<Void> end(String key) {
        return store.delete(key).thenAccept(done -> {
            Session session = cache.get(key);
            if (session != null) {
                forget(session);
            }
        });
    }

    static String subjectGroup(String subject) {
        return "sub:" + Secrets.hash(subject);
    }

    static String sidGroup(String sid) {
        return "sid:" + Secrets.hash(sid);
    }

    private void forget(Session session) {
        cache.remove(session);
        session.ending().end();
    }

    @Override
    public void changed(String key) {
        reads.overtake(key);
        Session session = cache.get(key);
        if (session != null) {
            session.markStale();
            reread(session);
        }
    }

    @Override
    public void lost() {
        reads.overtakeAll();
        cache.all().forEach(Session::markStale);
    }

    @Override
    public void regained() {
        cache.all().stream().filter(session -> session.ending().isAwaited()).forEach(this::reread);
    }
}
