package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameBoundaryTest {

    @Test
    void advance_leavesTheBufferAsItIs() {
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {1, 2, (byte) 0x81, 1, 'x', (byte) 0x81});
        bytes.readerIndex(2);
        FrameBoundary boundary = new FrameBoundary();
        boundary.advance(bytes);
        assertThat(bytes.readerIndex()).isEqualTo(2);
        assertThat(boundary.atBoundary()).isFalse();
        assertThat(boundary.broken()).isFalse();
    }

    @Test
    void closeFrame_isSeenFromItsFirstByteOn() {
        FrameBoundary boundary = new FrameBoundary();
        boundary.advance(bytes(0x88));
        assertThat(boundary.closeSeen()).isTrue();
        assertThat(boundary.atBoundary()).isFalse();
        boundary.advance(bytes(0x82, 1, 2, 3, 4, 0, 0));
        assertThat(boundary.atBoundary()).isTrue();
        assertThat(boundary.closeSeen()).isTrue();
    }

    @Test
    void payloadThatLooksLikeAClose_isNone() {
        FrameBoundary boundary = new FrameBoundary();
        boundary.advance(bytes(0x81, 2, 0x88, 0x00));
        assertThat(boundary.closeSeen()).isFalse();
        assertThat(boundary.atBoundary()).isTrue();
    }

    @Test
    void advanceToBoundary_stopsBehindTheFrameUnderWay() {
        FrameBoundary boundary = new FrameBoundary();
        boundary.advance(bytes(0x82, 4, 1, 2));
        ByteBuf rest = bytes(0xff, 3, 4, 0x81, 1, 'x', 0x81, 5);
        rest.readerIndex(1);
        assertThat(boundary.advanceToBoundary(rest)).isEqualTo(2);
        assertThat(boundary.atBoundary()).isTrue();
        assertThat(rest.readerIndex()).isEqualTo(1);
        assertThat(boundary.advanceToBoundary(rest)).as("it is at one already").isZero();
    }

    @Test
    void advanceToBoundary_followsAFrameThatGoesOn() {
        FrameBoundary boundary = new FrameBoundary();
        boundary.advance(bytes(0x82, 4));
        assertThat(boundary.advanceToBoundary(bytes(1, 2, 3))).isEqualTo(3);
        assertThat(boundary.atBoundary()).isFalse();
        assertThat(boundary.advanceToBoundary(bytes(4))).isEqualTo(1);
        assertThat(boundary.atBoundary()).isTrue();
    }

    @Test
    void hugePayload_isFollowedWithoutWrapping() {
        FrameBoundary boundary = new FrameBoundary();
        boundary.advance(bytes(0x82, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
        boundary.advance(Unpooled.wrappedBuffer(new byte[1000]));
        assertThat(boundary.broken()).isFalse();
        assertThat(boundary.atBoundary()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "83 00",
                "87 00",
                "8b 00",
                "8f 00", // reserved opcodes
                "09 00",
                "08 00", // a fragmented control frame
                "89 7e 00 05",
                "88 7f 00 00 00 00 00 00 00 01", // a control frame with a long length
                "82 7f 80 00 00 00 00 00 00 00", // a length with its top bit set
                "82 ff 7f ff ff ff ff ff ff ff" // key and payload together wrap
            })
    void whatIsNoFrame_endsTheTrackingForGood(String hex) {
        int[] octets = Arrays.stream(hex.split(" "))
                .mapToInt(o -> Integer.parseInt(o, 16))
                .toArray();
        FrameBoundary boundary = new FrameBoundary();
        boundary.advance(bytes(octets));
        assertThat(boundary.broken()).isTrue();
        assertThat(boundary.atBoundary()).isFalse();
        boundary.advance(bytes(0x81, 0x00));
        assertThat(boundary.atBoundary()).isFalse();
        assertThat(boundary.closeSeen()).isEqualTo(hex.startsWith("08") || hex.startsWith("88"));
    }

    private static ByteBuf bytes(int... octets) {
        ByteBuf bytes = Unpooled.buffer();
        for (int octet : octets) {
            bytes.writeByte(octet);
        }
        return bytes;
    }
}
