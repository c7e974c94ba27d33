package dev.sluice.redis;

import java.util.ArrayList;
import java.util.List;

/** The order in which weighted things take turns: each as often as its weight, spread as evenly as can be. */
final class Rotation {

    private Rotation() {}

    /** Things with their weights, each at least 1, in one round; the shortest round that keeps the proportions. */
    static <T> List<T> of(List<T> things, List<Integer> weights) {
        int divisor = weights.stream().reduce(0, Rotation::gcd);
        int[] share = weights.stream().mapToInt(w -> w / divisor).toArray();
        int total = 0;
        for (int s : share) {
            total += s;
        }
        int[] credit = new int[share.length];
        List<T> round = new ArrayList<>(total);
        for (int i = 0; i < total; i++) {
            int next = 0;
            for (int j = 0; j < share.length; j++) {
                credit[j] += share[j];
                next = credit[j] > credit[next] ? j : next;
            }
            credit[next] -= total;
            round.add(things.get(next));
        }
        return round;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
