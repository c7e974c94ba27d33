package dev.sluice.sso;

import dev.sluice.api.Revocation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells those who hold long exchanges of one session that it has ended. */
final class Ending implements Revocation {

    private static final class Registration {
        private final Runnable listener;

        Registration(Runnable listener) {
            this.listener = listener;
        }
    }

    private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    @Override
    public Subscription onRevoked(Runnable listener) {
        Registration registration = new Registration(listener);
        registrations.add(registration);
        if (ended) {
            run(registration);
        }
        return () -> registrations.remove(registration);
    }

    /** Ends the session; harmless if it has ended. */
    void end() {
        ended = true;
        registrations.forEach(this::run);
    }

    /** Who removes a registration, runs it: at most once. */
    private void run(Registration registration) {
        if (registrations.remove(registration)) {
            registration.listener.run();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether a tunnel or another long exchange depends on the session. */
    boolean isAwaited() {
        return !registrations.isEmpty();
    }
}
