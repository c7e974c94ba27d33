package dev.sluice.redis;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A hash map that is asked about a part of a string without that part being cut out, so that a look-up allocates nothing.
 *
 * <p>Readers take no lock and see each change as a whole; writers take turns.
 */
final class SliceMap<V> {

    private record Node<V>(String key, V value, @Nullable Node<V> next) {}

    private volatile AtomicReferenceArray<@Nullable Node<V>> buckets = new AtomicReferenceArray<>(1);
    private volatile int longest;
    private volatile int size;

    /** What is stored under {@code text.substring(from, to)}, whose hash code is {@code hash}; null if nothing. */
    @Nullable
    V get(String text, int from, int to, int hash) {
        var in = buckets;
        for (Node<V> node = in.get(index(hash, in)); node != null; node = node.next) {
            if (node.key.length() == to - from && text.startsWith(node.key, from)) {
                return node.value;
            }
        }
        return null;
    }

    @Nullable
    V get(String key) {
        return get(key, 0, key.length(), key.hashCode());
    }

    /** No key that is or was in this map is longer. */
    int longest() {
        return longest;
    }

    int size() {
        return size;
    }

    synchronized void put(String key, V value) {
        boolean added = get(key) == null;
        if (added && size >= buckets.length()) {
            grow();
        }
        longest = Math.max(longest, key.length());
        int index = index(key.hashCode(), buckets);
        buckets.set(index, new Node<>(key, value, without(key, buckets.get(index))));
        size = added ? size + 1 : size;
    }

    synchronized void remove(String key) {
        if (get(key) != null) {
            int index = index(key.hashCode(), buckets);
            buckets.set(index, without(key, buckets.get(index)));
            size = size - 1;
        }
    }

    private void grow() {
        var small = buckets;
        var large = new AtomicReferenceArray<@Nullable Node<V>>(small.length() * 2);
        for (int i = 0; i < small.length(); i++) {
            for (Node<V> node = small.get(i); node != null; node = node.next) {
                int index = index(node.key.hashCode(), large);
                large.set(index, new Node<>(node.key, node.value, large.get(index)));
            }
        }
        buckets = large;
    }

    /** The chain is copied: a reader may be on it. */
    private static <V> @Nullable Node<V> without(String key, @Nullable Node<V> chain) {
        Node<V> others = null;
        for (Node<V> node = chain; node != null; node = node.next) {
            if (!node.key.equals(key)) {
                others = new Node<>(node.key, node.value, others);
            }
        }
        return others;
    }

    /** The number of buckets is a power of two. */
    private static int index(int hash, AtomicReferenceArray<?> buckets) {
        return (hash ^ (hash >>> 16)) & (buckets.length() - 1);
    }
}
