package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any sequence of frames, cut anywhere. */
class FrameBoundaryPropertyTest {

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
}
