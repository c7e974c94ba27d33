package dev.sluice.engine.proxyprotocol;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Version 2, behind its signature: version and command, family, length, addresses; then extensions (TLV), which are skipped. */
final class BinaryHeader {

    /** The addresses take 216 bytes at most; the rest is for extensions, such as a client's certificate. */
    private static final int LONGEST = 16 * 1024;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNIX_ADDRESSES = 2 * 108;

    private BinaryHeader() {}

    /** @param at where the signature ends */
    static @Nullable ProxyHeader parse(ByteBuf in, int at) throws BadProxyHeader {
        if (in.writerIndex() < at + 4) {
            return null;
        }
        int command = in.getUnsignedByte(at);
        int family = in.getUnsignedByte(at + 1);
        int following = in.getUnsignedShort(at + 2);
        if (command != LOCAL && command != PROXY) {
            throw new BadProxyHeader("version 2 with an unknown version or command");
        }
        int addresses = lengthOfAddresses(family);
        if (following > LONGEST || (command == PROXY && following < addresses)) {
            throw new BadProxyHeader("version 2 with a length that cannot be");
        }
        int from = at + 4;
        if (in.writerIndex() < from + following) {
            return null;
        }
        return new ProxyHeader(from + following - in.readerIndex(), command == PROXY ? source(in, from, family) : null);
    }

    /** The upper half of a family's byte is what kind of address, the lower one stream or datagram (QUIC, at the balancer). */
    private static int lengthOfAddresses(int family) throws BadProxyHeader {
        return switch (family) {
            case 0x00 -> 0;
            case 0x11, 0x12 -> 2 * 4 + 4;
            case 0x21, 0x22 -> 2 * 16 + 4;
            case 0x31, 0x32 -> UNIX_ADDRESSES;
            default -> throw new BadProxyHeader("version 2 with an unknown family");
        };
    }

    private static @Nullable InetSocketAddress source(ByteBuf in, int from, int family) {
        int size = switch (family >> 4) {
            case 1 -> 4;
            case 2 -> 16;
            default -> 0;
        };
        if (size == 0) {
            return null;
        }
        byte[] octets = new byte[size];
        in.getBytes(from, octets);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), in.getUnsignedShort(from + 2 * size));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // thrown for other lengths only
        }
    }
}
