package dev.sluice.engine.exchange;

import dev.sluice.api.RouteDecision.Forward;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams that one exchange may be sent to, in the order in which the resolver prefers them. The first one that can be
 * connected to is taken; if it is out or busy, of the others the one with the least to do. All out is as good as none.
 */
final class Candidates {

    /** So that an exchange does not wait for one connection after the other. */
    private static final int MOST_TRIES = 3;

    private static final int NONE = -1;

    private final Upstreams upstreams;
    private final List<Forward> inOrder;
    private long tried;
    private int tries;

    Candidates(Upstreams upstreams, List<Forward> inOrder) {
        this.upstreams = upstreams;
        this.inOrder = inOrder;
    }

    /** The next one to try; null if there is none, or enough were tried. */
    @Nullable
    Forward next() {
        if (tries++ == MOST_TRIES) {
            return null;
        }
        int least = Integer.MAX_VALUE;
        int free = NONE;
        int busy = NONE;
        int out = NONE;
        for (int i = 0; i < inOrder.size() && i < Long.SIZE; i++) {
            if ((tried & 1L << i) != 0) {
                continue;
            }
            KnownUpstream candidate = upstreams.of(inOrder.get(i).upstream());
            if (candidate.health().isOut()) {
                if (candidate.health().claimTrial()) {
                    return take(i);
                }
                out = out == NONE ? i : out;
            } else if (!candidate.places().hasRoom()) {
                busy = busy == NONE ? i : busy;
            } else if (i == 0) {
                return take(i);
            } else if (candidate.places().taken() < least) {
                least = candidate.places().taken();
                free = i;
            }
        }
        int best = free != NONE ? free : busy != NONE ? busy : out;
        return best == NONE ? null : take(best);
    }

    private Forward take(int i) {
        tried |= 1L << i;
        return inOrder.get(i);
    }
}
