package dev.sluice.sso;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Sessions of one replica, gone with the process. */
final class MemorySessionStore implements SessionStore {

    static final Duration SWEEP = Duration.ofSeconds(10);

    private record Lease(String owner, Instant until) {}

    private final Clock clock;
    private final Map<String, Stored> records = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Instant>> groups = new ConcurrentHashMap<>();
    private final Map<String, Lease> leases = new ConcurrentHashMap<>();
    private final ScheduledFuture<?> sweeping;
    private volatile Listener listener = Listener.NONE;

    MemorySessionStore(Clock clock, ScheduledExecutorService timer) {
        this.clock = clock;
        this.sweeping =
                timer.scheduleWithFixedDelay(this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Void> create(String key, byte[] sealed, Instant expiresAt) {
        records.put(key, new Stored(sealed, 1, expiresAt));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> join(String group, String key, Instant until) {
        groups.compute(group, (g, known) -> {
            Map<String, Instant> members = known == null ? new ConcurrentHashMap<>() : known;
            members.put(key, until);
            return members;
        });
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Optional<Stored>> read(String key) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(records.get(key)).filter(this::isAlive));
    }

    @Override
    public CompletionStage<Boolean> replace(String key, long version, byte[] sealed) {
        Stored now = records.computeIfPresent(
                key,
                (k, known) -> known.version() == version && isAlive(known)
                        ? new Stored(sealed, version + 1, known.expiresAt())
                        : known);
        return CompletableFuture.completedFuture(now != null && now.sealed() == sealed);
    }

    @Override
    public CompletionStage<Boolean> touch(String key, Instant expiresAt) {
        Stored now = records.computeIfPresent(
                key, (k, known) -> isAlive(known) ? new Stored(known.sealed(), known.version(), expiresAt) : known);
        return CompletableFuture.completedFuture(now != null && isAlive(now));
    }

    @Override
    public CompletionStage<Boolean> delete(String key) {
        Stored removed = records.remove(key);
        return CompletableFuture.completedFuture(removed != null && isAlive(removed));
    }

    @Override
    public CompletionStage<Set<String>> members(String group) {
        return CompletableFuture.completedFuture(
                Set.copyOf(groups.getOrDefault(group, Map.of()).keySet()));
    }

    @Override
    public CompletionStage<Boolean> lease(String name, String owner, Duration life) {
        Instant now = clock.instant();
        Lease held = leases.compute(
                name,
                (n, known) -> known == null || known.owner.equals(owner) || !known.until.isAfter(now)
                        ? new Lease(owner, now.plus(life))
                        : known);
        return CompletableFuture.completedFuture(held.owner.equals(owner));
    }

    @Override
    public CompletionStage<Void> release(String name, String owner) {
        leases.computeIfPresent(name, (n, known) -> known.owner.equals(owner) ? null : known);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void listen(Listener listener) {
        this.listener = listener;
    }

    @Override
    public boolean reachable() {
        return true;
    }

    @Override
    public void close() {
        sweeping.cancel(false);
    }

    /** Forgets what has expired; an expired session is told, because its tunnels must end though nobody asks for it. */
    void sweep() {
        Instant now = clock.instant();
        groups.keySet()
                .forEach(group -> groups.computeIfPresent(group, (g, members) -> {
                    members.values().removeIf(until -> !until.isAfter(now));
                    return members.isEmpty() ? null : members;
                }));
        leases.values().removeIf(lease -> !lease.until.isAfter(now));
        records.forEach((key, stored) -> {
            if (!isAlive(stored) && records.remove(key, stored)) {
                listener.changed(key);
            }
        });
    }

    private boolean isAlive(Stored stored) {
        return stored.expiresAt().isAfter(clock.instant());
    }
}
