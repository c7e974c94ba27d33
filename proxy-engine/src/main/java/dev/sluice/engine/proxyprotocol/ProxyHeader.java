package dev.sluice.engine.proxyprotocol;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One header of the PROXY protocol, of either version.
 *
 * @param length how many bytes it took
 * @param source the client; null if the header names none and the peer speaks for itself: a balancer's health check
 *     ({@code LOCAL}, {@code UNKNOWN}), or a client without an IP address (a Unix socket)
 */
record ProxyHeader(int length, @Nullable InetSocketAddress source) {

    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * Reads the header at the reader index, which stays where it is.
     *
     * @return null if more bytes are needed to tell
     * @throws BadProxyHeader as soon as what is there can no longer become a header
     */
    static @Nullable ProxyHeader parse(ByteBuf in) throws BadProxyHeader {
        if (startsLike(in, V2)) {
            return in.readableBytes() < V2.length ? null : BinaryHeader.parse(in, in.readerIndex() + V2.length);
        }
        if (startsLike(in, V1)) {
            return in.readableBytes() < V1.length ? null : TextHeader.parse(in);
        }
        throw new BadProxyHeader("neither version 1 nor version 2");
    }

    /** Whether {@code in}, as far as it goes, is {@code signature}. */
    private static boolean startsLike(ByteBuf in, byte[] signature) {
        int n = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
