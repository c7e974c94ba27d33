package dev.sluice.engine.netty;

import dev.sluice.api.Network;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many connections the clients of one address may have. Whoever has an IPv6 address has a whole /64 of them, so that is
 * what counts as one; a trusted proxy speaks for many clients, and is exempt.
 */
final class AddressLimit {

    /** What becomes of a connection. */
    enum Verdict {
        SERVED,
        /** Told that it is one too many. */
        ANSWERED,
        /** Not even that: those which are told linger, and would be as many as somebody likes. */
        CUT
    }

    private final int most;
    private final List<Network> exempt;
    private final ConcurrentMap<Long, Integer> open = new ConcurrentHashMap<>();

    AddressLimit(int most, List<Network> exempt) {
        this.most = most;
        this.exempt = exempt;
    }

    /** Counts {@code connection} until it is closed. */
    Verdict admit(Channel connection, InetAddress address) {
        for (int i = 0; i < exempt.size(); i++) {
            if (exempt.get(i).contains(address)) {
                return Verdict.SERVED;
            }
        }
        long key = key(address.getAddress());
        int now = open.merge(key, 1, Integer::sum);
        connection.closeFuture().addListener(closed -> open.merge(key, -1, AddressLimit::sumOrNothing));
        return now <= most ? Verdict.SERVED : now / 2 <= most ? Verdict.ANSWERED : Verdict.CUT;
    }

    /** How many addresses have a connection. */
    int addresses() {
        return open.size();
    }

    @SuppressWarnings("NullAway") // what is null leaves the map
    private static Integer sumOrNothing(Integer before, Integer change) {
        int after = before + change;
        return after == 0 ? null : after;
    }

    /** IPv4 in the lower half: of the /64 that begin with 32 zeros only that of {@code ::1} is in use. */
    private static long key(byte[] octets) {
        ByteBuffer bytes = ByteBuffer.wrap(octets);
        return octets.length == 4 ? Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
    }
}
