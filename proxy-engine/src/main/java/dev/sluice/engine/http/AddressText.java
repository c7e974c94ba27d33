package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses as the forwarding headers spell them. Host names are never looked up. */
final class AddressText {

    private AddressText() {}

    /** Reads {@code 192.0.2.1}, {@code 2001:db8::1}, {@code [2001:db8::1]}, each bracketed or IPv4 form with a port too. */
    static @Nullable InetAddress parse(String entry) {
        String address = entry;
        if (entry.startsWith("[")) {
            int close = entry.indexOf(']');
            if (close < 0 || !isPort(entry, close + 1)) {
                return null;
            }
            address = entry.substring(1, close);
            if (address.indexOf(':') < 0) {
                return null;
            }
        } else if (entry.indexOf(':') == entry.lastIndexOf(':') && entry.indexOf(':') >= 0) {
            int colon = entry.indexOf(':');
            if (!isPort(entry, colon)) {
                return null;
            }
            address = entry.substring(0, colon);
        }
        // An IPv6 zone means something on another machine only.
        byte[] octets = address.indexOf('%') >= 0 || address.indexOf('[') >= 0
                ? null
                : NetUtil.createByteArrayFromIpAddressString(address);
        try {
            return octets == null ? null : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether {@code entry} ends at {@code from} or goes on with a colon and a port. */
    private static boolean isPort(String entry, int from) {
        if (from == entry.length()) {
            return true;
        }
        int digits = entry.length() - from - 1;
        boolean port = entry.charAt(from) == ':' && digits >= 1 && digits <= 5;
        for (int i = from + 1; i < entry.length() && port; i++) {
            port = entry.charAt(i) >= '0' && entry.charAt(i) <= '9';
        }
        return port;
    }

    static void write(ByteBuf out, InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            HeadWriter.text(out, NetUtil.toAddressString(address));
            return;
        }
        byte[] octets = address.getAddress();
        for (int i = 0; i < octets.length; i++) {
            if (i > 0) {
                out.writeByte('.');
            }
            HeadWriter.number(out, octets[i] & 0xff);
        }
    }

    /** As a node of RFC 7239 §6: IPv6 in brackets and quotes. */
    static void writeNode(ByteBuf out, InetAddress address) {
        boolean v4 = address instanceof Inet4Address;
        HeadWriter.text(out, v4 ? "" : "\"[");
        write(out, address);
        HeadWriter.text(out, v4 ? "" : "]\"");
    }
}
