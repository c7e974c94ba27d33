package dev.sluice.engine.config;

import dev.sluice.api.PathReadings;
import dev.sluice.api.ProxyRequest;
import dev.sluice.engine.When;
import dev.sluice.engine.builtin.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A configured {@code when}: every dimension that is named must match, one of its values is enough. An empty dimension
 * matches everything.
 */
final class Condition implements When {

    private final List<HostPattern> hosts;
    private final List<String> prefixes;
    private final Set<String> methods;

    /** @param prefixes plain, without a slash at the end; the empty one takes every path */
    Condition(List<HostPattern> hosts, List<String> prefixes, Set<String> methods) {
        this.hosts = List.copyOf(hosts);
        this.prefixes = List.copyOf(prefixes);
        this.methods = Set.copyOf(methods);
    }

    /** Whether the request meets the condition, by its path as sent; {@link AmbiguousPaths} refuses the doubtful ones. */
    @Override
    public boolean matches(ProxyRequest request) {
        return regards(request) && matchesPath(request.path());
    }

    boolean decidesByPath() {
        return !prefixes.isEmpty();
    }

    /** Whether only the path is left to decide. */
    boolean regards(ProxyRequest request) {
        return (methods.isEmpty() || methods.contains(request.method())) && matchesHost(request.host());
    }

    boolean matchesPath(String path) {
        if (prefixes.isEmpty()) {
            return true;
        }
        for (int i = 0; i < prefixes.size(); i++) {
            if (PathReadings.isBelow(path, prefixes.get(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesHost(String host) {
        if (hosts.isEmpty()) {
            return true;
        }
        for (int i = 0; i < hosts.size(); i++) {
            if (hosts.get(i).matches(host)) {
                return true;
            }
        }
        return false;
    }

    /** For {@code --check}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (!methods.isEmpty()) {
            parts.add("methods " + String.join(", ", methods.stream().sorted().toList()));
        }
        if (!hosts.isEmpty()) {
            parts.add("hosts "
                    + String.join(
                            ", ", hosts.stream().map(HostPattern::toString).toList()));
        }
        if (!prefixes.isEmpty()) {
            parts.add("paths "
                    + String.join(
                            ", ",
                            prefixes.stream().map(p -> p.isEmpty() ? "/" : p).toList()));
        }
        return String.join("; ", parts);
    }
}
