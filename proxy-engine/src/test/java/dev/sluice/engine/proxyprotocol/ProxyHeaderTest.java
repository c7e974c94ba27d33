package dev.sluice.engine.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of the PROXY protocol as bytes; those of version 2 in hex, behind their signature. */
class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    // ---- version 1

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443, 192.0.2.1, 56324",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255, 65535",
        "PROXY TCP4 0.0.0.0 0.0.0.0 0 0, 0.0.0.0, 0",
        "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443, 2001:db8::1, 56324",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ::1 65535 65535, "
                + "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 65535",
        "PROXY TCP6 ::ffff:192.0.2.1 ::1 5 6, 192.0.2.1, 5",
    })
    void version1_namesTheClient(String line, String address, int port) throws Exception {
        assertThat(whole(text(line + "\r\n"))).isEqualTo(new InetSocketAddress(InetAddress.getByName(address), port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN",
                "PROXY UNKNOWN ",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
                "PROXY UNKNOWN what ever"
            })
    void version1Unknown_leavesThePeerItsOwnName(String line) throws Exception {
        assertThat(whole(text(line + "\r\n"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "proxy TCP4 192.0.2.1 198.51.100.7 1 2\r\n",
                "PROXY\r\n",
                "PROXY \r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP5 192.0.2.1 198.51.100.7 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 1\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 1 2 \r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 1 2 3\r\n",
                "PROXY TCP4  192.0.2.1 198.51.100.7 1 2\r\n",
                "PROXY TCP4\t192.0.2.1 198.51.100.7 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 1 2\n",
                "PROXY TCP4 192.0.2.1\n198.51.100.7 1 2\r\n",
                "PROXY TCP4 2001:db8::1 198.51.100.7 1 2\r\n",
                "PROXY TCP4 ::ffff:192.0.2.1 198.51.100.7 1 2\r\n",
                "PROXY TCP6 192.0.2.1 2001:db8::2 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 2001:db8::2 1 2\r\n",
                "PROXY TCP6 2001:db8::1 nonsense: 1 2\r\n",
                "PROXY TCP4 192.0.2.01 198.51.100.7 1 2\r\n",
                "PROXY TCP4 192.0.2 198.51.100.7 1 2\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.7 1 2\r\n",
                "PROXY TCP4 192.0.2.1 example.org 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 01 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 65536 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 -1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.7 1 +2\r\n",
            })
    void version1_isStrict(String line) {
        assertRefused(text(line));
    }

    @Test
    void version1_isBounded() throws Exception {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n";
        assertThat(whole(text(longest))).isNull();
        assertRefused(text("PROXY UNKNOWN " + "x".repeat(107 - 15) + "\r\n"));
        assertRefused(text("PROXY UNKNOWN " + "x".repeat(107 - 14)));
    }

    // ---- version 2

    @ParameterizedTest
    @CsvSource({
        "2111 000c c0000201 c6336407 dc04 01bb, 192.0.2.1, 56324",
        "2112 000c c0000201 c6336407 dc04 01bb, 192.0.2.1, 56324",
        "2111 0013 c0000201 c6336407 dc04 01bb 04 0004 00000000, 192.0.2.1, 56324",
        "2121 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 ffff 01bb, 2001:db8::1, 65535",
        "2121 0024 00000000000000000000ffffc0000201 00000000000000000000ffffc6336407 0001 01bb, 192.0.2.1, 1",
    })
    void version2_namesTheClient(String hex, String address, int port) throws Exception {
        assertThat(whole(binary(hex))).isEqualTo(new InetSocketAddress(InetAddress.getByName(address), port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2000 0000", // LOCAL: the balancer itself
                "2011 000c c0000201 c6336407 dc04 01bb", // LOCAL, whatever the addresses say
                "2000 0003 040000",
                "2100 0000", // not known
                "2100 0007 04000400000000"
            })
    void version2WithoutAClient_leavesThePeerItsOwnName(String hex) throws Exception {
        assertThat(whole(binary(hex))).isNull();
    }

    @Test
    void version2UnixSocket_leavesThePeerItsOwnName() throws Exception {
        assertThat(whole(binary("2131 00d8" + "2f".repeat(216)))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1111 000c c0000201 c6336407 dc04 01bb", // version 1 in the binary form
                "3111 000c c0000201 c6336407 dc04 01bb",
                "2211 000c c0000201 c6336407 dc04 01bb", // an unknown command
                "2141 000c c0000201 c6336407 dc04 01bb", // an unknown family
                "2113 000c c0000201 c6336407 dc04 01bb", // an unknown transport
                "2041 0000",
                "2111 000b c0000201 c6336407 dc04 01", // addresses cut short
                "2121 000c c0000201 c6336407 dc04 01bb",
                "2131 000c c0000201 c6336407 dc04 01bb",
                "2111 4001", // beyond the bound, and refused at once
                "2000 ffff"
            })
    void version2_isStrict(String hex) {
        assertRefused(binary(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0e", "0d0a0d0b", "0d0a0d0a000d0a515549540b"})
    void wrongSignature_isRefusedAtItsFirstWrongByte(String hex) {
        assertRefused(HexFormat.of().parseHex(hex));
    }

    // ---- both

    /** No part of a header is taken for one or refused, and what follows is left alone. */
    private static @Nullable InetSocketAddress whole(byte[] header) throws BadProxyHeader {
        ByteBuf bytes = Unpooled.wrappedBuffer(header, text("\r\n\0PROXY"));
        bytes.writerIndex(0);
        for (int seen = 0; seen < header.length; seen++) {
            assertThat(ProxyHeader.parse(bytes.writerIndex(seen))).isNull();
        }
        for (int seen = header.length; seen < bytes.capacity(); seen++) {
            ProxyHeader parsed = ProxyHeader.parse(bytes.writerIndex(seen));
            assertThat(parsed).isNotNull().extracting(ProxyHeader::length).isEqualTo(header.length);
        }
        ProxyHeader parsed = ProxyHeader.parse(bytes);
        return parsed == null ? new InetSocketAddress(0) : parsed.source();
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> ProxyHeader.parse(Unpooled.wrappedBuffer(bytes)))
                .isInstanceOf(BadProxyHeader.class);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] binary(String hex) {
        return HexFormat.of().parseHex((SIGNATURE + hex).replace(" ", ""));
    }
}
