package dev.sluice.engine.proxyprotocol;

import dev.sluice.api.Network;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Version 1: one line, {@code PROXY TCP4 192.0.2.1 198.51.100.7 56324 443}. Strict where the specification is: single
 * spaces, no leading zeros, nothing left out.
 */
final class TextHeader {

    /** With its end of line, as the specification has it. */
    private static final int LONGEST = 107;

    private TextHeader() {}

    static @Nullable ProxyHeader parse(ByteBuf in) throws BadProxyHeader {
        int seen = Math.min(in.readableBytes(), LONGEST);
        int lf = in.forEachByte(in.readerIndex(), seen, ByteProcessor.FIND_LF);
        if (lf < 0) {
            if (seen == LONGEST) {
                throw new BadProxyHeader("version 1 without an end of line");
            }
            return null;
        }
        int length = lf + 1 - in.readerIndex();
        if (in.getByte(lf - 1) != '\r') {
            throw new BadProxyHeader("version 1 with a bare line feed");
        }
        String line = in.toString(in.readerIndex(), length - 2, StandardCharsets.ISO_8859_1);
        if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
            return new ProxyHeader(length, null); // what follows the word is to be ignored
        }
        return new ProxyHeader(length, source(line.split(" ", -1)));
    }

    private static InetSocketAddress source(String[] words) throws BadProxyHeader {
        if (words.length != 6) {
            throw new BadProxyHeader("version 1 with other than six words");
        }
        boolean v4 = switch (words[1]) {
            case "TCP4" -> true;
            case "TCP6" -> false;
            default -> throw new BadProxyHeader("version 1 with an unknown protocol");
        };
        InetAddress source = address(words[2], v4);
        address(words[3], v4);
        int port = port(words[4]);
        port(words[5]);
        return new InetSocketAddress(source, port);
    }

    private static InetAddress address(String word, boolean v4) throws BadProxyHeader {
        InetAddress address = v4 != word.contains(":") ? Network.literal(word) : null;
        if (address == null || (v4 && !isCanonical(word, address))) {
            throw new BadProxyHeader("version 1 with what is no address of its protocol");
        }
        return address;
    }

    /** Leading zeros could be read as octal by another. */
    private static boolean isCanonical(String word, InetAddress address) {
        return address instanceof Inet4Address && address.getHostAddress().equals(word);
    }

    private static int port(String word) throws BadProxyHeader {
        if (word.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(word) <= 65535) {
            return Integer.parseInt(word);
        }
        throw new BadProxyHeader("version 1 with what is no port");
    }
}
