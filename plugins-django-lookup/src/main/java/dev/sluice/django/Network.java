package dev.sluice.django;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of addresses in CIDR notation; an address alone is a range of one. */
record Network(InetAddress prefix, int bits) {

    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        Optional<InetAddress> prefix = literal(slash < 0 ? cidr : cidr.substring(0, slash));
        String length = slash < 0 ? "" : cidr.substring(slash + 1);
        if (prefix.isPresent() && length.matches(slash < 0 ? "" : "[0-9]{1,3}")) {
            int longest = prefix.get().getAddress().length * 8;
            int bits = slash < 0 ? longest : Integer.parseInt(length);
            if (bits <= longest) {
                return new Network(prefix.get(), bits);
            }
        }
        throw new IllegalArgumentException(cidr.replaceAll("[^\\x20-\\x7e]", "?")
                + " (expected: an address such as 192.0.2.1 or a range such as 10.0.0.0/8)");
    }

    /** The address that {@code text} writes down; empty if it is a name. Nothing is looked up. */
    static Optional<InetAddress> literal(String text) {
        try {
            return LITERAL.matcher(text).matches() ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        byte[] mine = prefix.getAddress();
        int whole = bits / 8;
        if (octets.length != mine.length || !Arrays.equals(octets, 0, whole, mine, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((octets[whole] ^ mine[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }
}
