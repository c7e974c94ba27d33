package dev.sluice.benchmarks;

import dev.sluice.engine.http.FrameBoundary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a WebSocket tunnel does beside moving bytes: following sixteen masked frames of 200 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TunnelBenchmark {

    private final FrameBoundary boundary = new FrameBoundary();
    private final ByteBuf frames = frames();

    private static ByteBuf frames() {
        ByteBuf frames = Unpooled.directBuffer(4096);
        for (int i = 0; i < 16; i++) {
            frames.writeByte(0x82).writeByte(0xfe).writeShort(200).writeInt(0x12345678);
            frames.writeZero(200);
        }
        return frames;
    }

    @Benchmark
    public boolean followFrames() {
        boundary.advance(frames);
        return boundary.atBoundary();
    }
}
