package dev.sluice.sso;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named groups of client networks that sessions are bound to: a session that began in one group does not count from
 * another. A client in none of them is a group of its own.
 */
final class Networks {

    private record Block(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
                if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Map<String, List<Block>> groups;

    private Networks(Map<String, List<Block>> groups) {
        this.groups = groups;
    }

    /** @throws IllegalArgumentException if a network is not written as {@code address/bits} */
    static Networks of(Map<String, List<String>> groups) {
        Map<String, List<Block>> parsed = new LinkedHashMap<>();
        groups.forEach((name, networks) ->
                parsed.put(name, networks.stream().map(Networks::block).toList()));
        return new Networks(parsed);
    }

    private static Block block(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException(text);
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > bytes.length * 8) {
                throw new IllegalArgumentException(text);
            }
            return new Block(bytes, bits);
        } catch (java.net.UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** The name of the first group that {@code client} is in, else its address. */
    String groupOf(InetAddress client) {
        byte[] address = client.getAddress();
        for (Map.Entry<String, List<Block>> group : groups.entrySet()) {
            for (Block block : group.getValue()) {
                if (block.contains(address)) {
                    return group.getKey();
                }
            }
        }
        return client.getHostAddress();
    }
}
