package dev.sluice.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A range of addresses in CIDR notation, IPv4 or IPv6; an address alone is a range of one. */
public final class Network {

    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /**
     * Parses {@code 10.0.0.0/8}, {@code fd00::/8}, {@code 192.0.2.1}.
     *
     * @throws IllegalArgumentException with the offending and the expected value; host names are not looked up
     */
    public static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        InetAddress address = literal(slash < 0 ? cidr : cidr.substring(0, slash));
        String length = slash < 0 ? "" : cidr.substring(slash + 1);
        if (address != null && length.matches(slash < 0 ? "" : "[0-9]{1,3}")) {
            byte[] prefix = address.getAddress();
            int bits = slash < 0 ? prefix.length * 8 : Integer.parseInt(length);
            if (bits <= prefix.length * 8) {
                return new Network(prefix, bits);
            }
        }
        throw new IllegalArgumentException(cidr.replaceAll("[^\\x20-\\x7e]", "?")
                + " (expected: an address such as 192.0.2.1 or a range such as 10.0.0.0/8)");
    }

    /** The address that {@code text} writes down, or null if it is a name. Nothing is looked up. */
    public static @Nullable InetAddress literal(String text) {
        try {
            return LITERAL.matcher(text).matches() ? InetAddress.getByName(text) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether {@code address} lies in this range. An IPv4 address never lies in an IPv6 range. */
    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        int whole = bits / 8;
        if (octets.length != prefix.length || !Arrays.equals(octets, 0, whole, prefix, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((octets[whole] ^ prefix[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
