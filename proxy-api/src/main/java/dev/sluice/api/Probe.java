package dev.sluice.api;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A question that the engine asks an upstream again and again, to know whether it is well: {@code GET path}, each time on a
 * connection of its own. Made with {@link #of} and the {@code with…} methods.
 *
 * @param upstream who is asked; over TLS it has to show the certificate that it shows for requests
 * @param path path and query, sent as it is; starts with {@code /}
 * @param host the {@code Host} that is sent: host and optional port
 * @param every from the end of one to the beginning of the next, give or take a tenth; at least 1 ms
 * @param timeout from the beginning, connecting included, to the head of the response; at least 1 ms
 * @param expect the only status, 200 to 599, that an upstream has which is well; if empty, any from 200 to 399
 */
public record Probe(Upstream upstream, String path, String host, Duration every, Duration timeout, OptionalInt expect) {

    public Probe {
        Objects.requireNonNull(upstream, "upstream");
        Rewrite.checkTarget(path);
        host = new HostPolicy.Fixed(host).authority();
        Timeouts.requirePositive("every", every);
        Timeouts.requirePositive("timeout", timeout);
        Objects.requireNonNull(expect, "expect");
        if (expect.isPresent() && (expect.getAsInt() < 200 || expect.getAsInt() > 599)) {
            throw new IllegalArgumentException("expect: " + expect.getAsInt() + " (expected: 200-599)");
        }
    }

    /** Every 5 seconds for 2 seconds, with the upstream's own {@code Host}, and 200 to 399 as the answer. */
    public static Probe of(Upstream upstream, String path) {
        return new Probe(
                upstream,
                path,
                upstream.authority(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                OptionalInt.empty());
    }

    public Probe withHost(String host) {
        return new Probe(upstream, path, host, every, timeout, expect);
    }

    public Probe withEvery(Duration every) {
        return new Probe(upstream, path, host, every, timeout, expect);
    }

    public Probe withTimeout(Duration timeout) {
        return new Probe(upstream, path, host, every, timeout, expect);
    }

    public Probe withExpect(int status) {
        return new Probe(upstream, path, host, every, timeout, OptionalInt.of(status));
    }

    /** Without the query, which may hold a token. */
    @Override
    public String toString() {
        int query = path.indexOf('?');
        return "GET " + upstream + (query < 0 ? path : path.substring(0, query));
    }
}
