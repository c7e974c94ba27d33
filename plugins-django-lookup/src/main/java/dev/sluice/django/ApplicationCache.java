package dev.sluice.django;

import dev.sluice.django.DjangoLookupConfig.Lifetimes;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Findings by host and user, and one look-up at a time for each.
 *
 * <p>Bounded without bookkeeping on the hot path: entries go into a young generation; when that holds half of what is
 * allowed, it becomes the old one, and the old one's entries, which nobody has asked for since, are forgotten.
 */
final class ApplicationCache {

    /** After this, a look-up that has not ended is started anew. */
    private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(30);

    private final Clock clock;
    private final Lifetimes lifetimes;
    private volatile Generation young = new Generation();
    private volatile Generation old = new Generation();

    ApplicationCache(Clock clock, Lifetimes lifetimes) {
        this.clock = clock;
        this.lifetimes = lifetimes;
    }

    /** The finding that may be used at once; null if there is none. */
    @Nullable
    Finding fresh(String host, String user) {
        Entry entry = entry(host, user);
        if (entry == null) {
            return null;
        }
        Finding finding = entry.finding;
        return finding != null && clock.millis() < entry.expires && finding.usable() ? finding : null;
    }

    /** The fresh finding, or that of the look-up under way, or of {@code lookup}, begun if there is neither. */
    CompletionStage<Finding> load(String host, String user, Supplier<CompletionStage<Finding>> lookup) {
        while (true) {
            Entry known = entry(host, user);
            if (known != null && known.current()) {
                return known.result;
            }
            Entry next = new Entry(known);
            if (young.swap(host, user, known, next)) {
                if (young.size.get() > lifetimes.entries() / 2) {
                    rotate();
                }
                lookup.get().thenAccept(next::settle);
                return next.result;
            }
        }
    }

    /** Forgets what is known of the hosts that {@code which} accepts. */
    void forget(Predicate<String> which) {
        young.hosts.keySet().removeIf(which);
        old.hosts.keySet().removeIf(which);
    }

    private @Nullable Entry entry(String host, String user) {
        Entry entry = young.get(host, user);
        if (entry != null) {
            return entry;
        }
        Entry aged = old.get(host, user);
        if (aged != null) {
            young.swap(host, user, null, aged);
        }
        return aged;
    }

    private synchronized void rotate() {
        if (young.size.get() > lifetimes.entries() / 2) {
            old = young;
            young = new Generation();
        }
    }

    private static final class Generation {
        final ConcurrentMap<String, ConcurrentMap<String, Entry>> hosts = new ConcurrentHashMap<>();
        final AtomicInteger size = new AtomicInteger();

        @Nullable
        Entry get(String host, String user) {
            ConcurrentMap<String, Entry> users = hosts.get(host);
            return users == null ? null : users.get(user);
        }

        boolean swap(String host, String user, @Nullable Entry known, Entry next) {
            ConcurrentMap<String, Entry> users = hosts.computeIfAbsent(host, h -> new ConcurrentHashMap<>());
            if (known != null && users.replace(user, known, next)) {
                return true;
            }
            boolean added = users.putIfAbsent(user, next) == null;
            if (added) {
                size.incrementAndGet();
            }
            return added;
        }
    }

    private final class Entry {
        final CompletableFuture<Finding> result = new CompletableFuture<>();
        private @Nullable Entry previous;
        volatile @Nullable Finding finding;
        volatile long expires = clock.millis() + LONGEST_LOOKUP.toMillis();
        private volatile long outlives;

        Entry(@Nullable Entry previous) {
            this.previous = previous;
        }

        boolean current() {
            Finding known = finding;
            return clock.millis() < expires && (known == null || known.usable());
        }

        void settle(Finding found) {
            long now = clock.millis();
            Finding outliving = found instanceof Unavailable ? outliving(now) : null;
            if (outliving == null) {
                outlives = now + found.lifetime().plus(lifetimes.stale()).toMillis();
                expires = now + found.lifetime().toMillis();
            } else {
                expires = now + lifetimes.refused().toMillis();
            }
            finding = outliving == null ? found : outliving;
            previous = null;
            result.complete(finding);
        }

        /** What ran before Django fell silent, if that is not too long ago. */
        private @Nullable Finding outliving(long now) {
            Entry before = previous;
            if (before == null || now >= before.outlives) {
                return null;
            }
            outlives = before.outlives;
            return before.finding instanceof Running running && running.usable() ? running : null;
        }
    }
}
