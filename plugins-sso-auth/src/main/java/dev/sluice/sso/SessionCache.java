package dev.sluice.sso;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sessions that this replica knows, by the tickets that were seen to open them. */
final class SessionCache {

    private static final int MOST = 20_000;

    /** A ticket that was verified once, what it opens, and the one host where it counts; null if it counts anywhere. */
    record Door(SessionTicket ticket, @Nullable String host, Session session) {
        boolean opens(SessionTicket shown, String at) {
            return ticket.opensWith(shown) && (host == null || host.equals(at));
        }
    }

    private final Map<String, Door> doors = new ConcurrentHashMap<>();
    private final Map<String, Session> byKey = new ConcurrentHashMap<>();

    /** The door of a ticket with the same id, whose secret may be another. */
    @Nullable
    Door door(SessionTicket ticket) {
        return doors.get(ticket.id());
    }

    Door addDoor(SessionTicket ticket, @Nullable String host, Session session) {
        if (doors.size() >= MOST) {
            makeRoom();
        }
        Door door = new Door(ticket, host, session);
        doors.put(ticket.id(), door);
        return door;
    }

    /** Drops a quarter of what is cached; that costs a read each. Sessions with tunnels stay, to hear of their end. */
    private void makeRoom() {
        int surplus = byKey.size() / 4 + 1;
        for (Session session : byKey.values()) {
            if (surplus > 0 && !session.ending().isAwaited() && byKey.remove(session.key(), session)) {
                surplus--;
            }
        }
        doors.values().removeIf(door -> byKey.get(door.session().key()) != door.session());
    }

    @Nullable
    Session get(String key) {
        return byKey.get(key);
    }

    /** The session of {@code key}, made if it is not known. */
    Session get(String key, Supplier<Session> made) {
        return byKey.computeIfAbsent(key, unknown -> made.get());
    }

    Collection<Session> all() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    void remove(Session session) {
        byKey.remove(session.key(), session);
        doors.values().removeIf(door -> door.session() == session);
    }
}
