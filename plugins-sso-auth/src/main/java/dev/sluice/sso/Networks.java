package dev.sluice.sso;

import dev.sluice.api.Network;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named groups of client networks that sessions are bound to: a session that began in one group does not count from
 * another. A client in none of them is a group of its own.
 */
final class Networks {

    private final Map<String, List<Network>> groups;

    private Networks(Map<String, List<Network>> groups) {
        this.groups = groups;
    }

    /** @throws IllegalArgumentException if a network is not written as {@code address/bits} */
    static Networks of(Map<String, List<String>> groups) {
        Map<String, List<Network>> parsed = new LinkedHashMap<>();
        groups.forEach((name, networks) ->
                parsed.put(name, networks.stream().map(Network::of).toList()));
        return new Networks(parsed);
    }

    /** The name of the first group that {@code client} is in, else its address. */
    String groupOf(InetAddress client) {
        for (Map.Entry<String, List<Network>> group : groups.entrySet()) {
            for (Network network : group.getValue()) {
                if (network.contains(client)) {
                    return group.getKey();
                }
            }
        }
        return client.getHostAddress();
    }
}
