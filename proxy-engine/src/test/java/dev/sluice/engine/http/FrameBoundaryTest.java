package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameBoundaryTest {

    /** One frame as it is on the wire. */
    private record Frame(int first, int payload, boolean masked, int lengthBytes) {
        void write(ByteBuf out) {
            int mask = masked ? 0x80 : 0;
            out.writeByte(first);
            switch (lengthBytes) {
                case 0 -> out.writeByte(mask | payload);
                case 2 -> out.writeByte(mask | 126).writeShort(payload);
                default -> out.writeByte(mask | 127).writeLong(payload);
            }
            // Payload and key are made of bytes that would be a broken frame if they were read as one.
            for (int i = 0; i < payload + (masked ? 4 : 0); i++) {
                out.writeByte(0x0b);
            }
        }
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        Arbitrary<Frame> data = Combinators.combine(
                        Arbitraries.of(0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0xc1, 0x41, 0xf2),
                        Arbitraries.of(0, 1, 2, 124, 125, 126, 127, 128, 300),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0, 2, 8))
                .as((first, payload, masked, bytes) ->
                        new Frame(first, payload, masked, payload > 125 && bytes == 0 ? 2 : bytes));
        Arbitrary<Frame> control = Combinators.combine(
                        Arbitraries.of(0x89, 0x8a), Arbitraries.integers().between(0, 125), Arbitraries.of(true, false))
                .as((first, payload, masked) -> new Frame(first, payload, masked, 0));
        return Arbitraries.oneOf(data, control).list().ofMinSize(1).ofMaxSize(6);
    }

    /** The bytes pass one by one: the tracker is asked behind each of them. */
    @Property(tries = 300)
    void boundaries_areWhereFramesEnd(@ForAll("frames") List<Frame> frames) {
        ByteBuf bytes = Unpooled.buffer();
        Set<Integer> ends = ends(frames, bytes);
        FrameBoundary boundary = new FrameBoundary();
        assertThat(boundary.atBoundary()).isTrue();
        for (int i = 0; i < bytes.writerIndex(); i++) {
            boundary.advance(bytes.slice(i, 1));
            assertThat(boundary.atBoundary()).as("behind byte %d", i).isEqualTo(ends.contains(i + 1));
        }
        assertThat(boundary.broken()).isFalse();
        assertThat(boundary.closeSeen()).isFalse();
    }

    /** Every way to cut the bytes in two leads to the same state. */
    @Property(tries = 100)
    void split_doesNotMatter(@ForAll("frames") List<Frame> frames) {
        ByteBuf bytes = Unpooled.buffer();
        Set<Integer> ends = ends(frames, bytes);
        for (int cut = 0; cut <= bytes.writerIndex(); cut++) {
            FrameBoundary boundary = new FrameBoundary();
            boundary.advance(bytes.slice(0, cut));
            assertThat(boundary.atBoundary()).as("cut at %d", cut).isEqualTo(cut == 0 || ends.contains(cut));
            boundary.advance(bytes.slice(cut, bytes.writerIndex() - cut));
            assertThat(boundary.atBoundary()).isTrue();
        }
        assertThat(bytes.readerIndex()).isZero();
    }

    private static Set<Integer> ends(List<Frame> frames, ByteBuf out) {
        Set<Integer> ends = new HashSet<>();
        for (Frame frame : frames) {
            frame.write(out);
            ends.add(out.writerIndex());
        }
        return ends;
    }

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
