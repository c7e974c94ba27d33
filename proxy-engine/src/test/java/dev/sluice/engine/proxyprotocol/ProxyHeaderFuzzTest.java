package dev.sluice.engine.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whatever bytes a connection begins with: a header is read as the specification's words say, and to its end exactly. */
class ProxyHeaderFuzzTest {

    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String PORT = "(0|[1-9][0-9]{0,4})";
    private static final Pattern TEXT =
            Pattern.compile("PROXY TCP([46]) ([0-9a-fA-F.:]+) [0-9a-fA-F.:]+ " + PORT + " " + PORT + "\r\n");

    @FuzzTest(maxDuration = "3m")
    void header_isReadAsTheSpecificationSays(byte[] input) throws UnknownHostException, BadProxyHeader {
        ProxyHeader header;
        try {
            header = ProxyHeader.parse(Unpooled.wrappedBuffer(input));
        } catch (BadProxyHeader refused) {
            return;
        }
        if (header == null) {
            assertThat(input.length).as("bytes waited for").isLessThan(16 * 1024 + 16);
            return;
        }
        byte[] itself = Arrays.copyOf(input, header.length());
        assertThat(header.source()).isEqualTo(source(itself));
        assertThat(ProxyHeader.parse(Unpooled.wrappedBuffer(itself))).isEqualTo(header);
        byte[] begun = Arrays.copyOf(input, header.length() - 1);
        assertThat(ProxyHeader.parse(Unpooled.wrappedBuffer(begun))).isNull();
    }

    private static @Nullable InetSocketAddress source(byte[] header) throws UnknownHostException {
        String text = new String(header, StandardCharsets.ISO_8859_1);
        if (text.startsWith(SIGNATURE)) {
            return binary(ByteBuffer.wrap(header, SIGNATURE.length(), header.length - SIGNATURE.length()));
        }
        if (text.startsWith("PROXY UNKNOWN")) {
            return null;
        }
        Matcher words = TEXT.matcher(text);
        assertThat(words.matches()).as(text).isTrue();
        InetAddress address = InetAddress.getByName(words.group(2)); // digits, dots and colons: never looked up
        return new InetSocketAddress(address, Integer.parseInt(words.group(3)));
    }

    private static @Nullable InetSocketAddress binary(ByteBuffer header) throws UnknownHostException {
        boolean local = header.get() == 0x20;
        int size = switch (header.get() >> 4) {
            case 1 -> 4;
            case 2 -> 16;
            default -> 0;
        };
        assertThat(Short.toUnsignedInt(header.getShort())).isEqualTo(header.remaining());
        if (local || size == 0) {
            return null;
        }
        byte[] source = new byte[size];
        header.get(source).position(header.position() + size);
        return new InetSocketAddress(InetAddress.getByAddress(source), Short.toUnsignedInt(header.getShort()));
    }
}
