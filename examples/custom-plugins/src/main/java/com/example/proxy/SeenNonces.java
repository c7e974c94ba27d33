package com.example.proxy;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the signatures that were used, for as long as their timestamps could pass once more, and no more than
 * {@code limit} of them: then new ones are refused, because to forget one would let it be replayed.
 */
final class SeenNonces {

    enum Use {
        FIRST,
        REPLAYED,
        FULL
    }

    private record Nonce(String id, long ts, String nonce) {}

    private final Duration memory;
    private final int limit;
    private final Map<Nonce, Instant> forgetAt = new LinkedHashMap<>();

    SeenNonces(Duration memory, int limit) {
        this.memory = memory;
        this.limit = limit;
    }

    /** Called for valid signatures only, or strangers could fill the memory. The lock is held for a look-up. */
    synchronized Use use(HawkHeader header, Instant now) {
        forgetOld(now);
        Nonce nonce = new Nonce(header.id(), header.ts(), header.nonce());
        if (forgetAt.containsKey(nonce)) {
            return Use.REPLAYED;
        }
        if (forgetAt.size() >= limit) {
            return Use.FULL;
        }
        forgetAt.put(nonce, now.plus(memory));
        return Use.FIRST;
    }

    private void forgetOld(Instant now) {
        Iterator<Instant> oldest = forgetAt.values().iterator(); // in the order in which they came
        while (oldest.hasNext() && oldest.next().isBefore(now)) {
            oldest.remove();
        }
    }
}
