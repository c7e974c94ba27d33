package dev.sluice.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Netty's decoder on a browser's head. None of the code is ours, and it is of the same kind as ours: so it is the
 * reference that times are compared with.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeBenchmark {

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    private final ByteBuf wire = Unpooled.directBuffer(1024);

    @Setup
    public void setUp() {
        wire.writeBytes(Traffic.bytes(Traffic.BROWSER_REQUEST));
    }

    @TearDown
    public void tearDown() {
        channel.finishAndReleaseAll();
        wire.release();
    }

    @Benchmark
    public Object decode() {
        channel.writeInbound(wire.retainedDuplicate());
        Object head = channel.readInbound();
        channel.releaseInbound();
        return head;
    }
}
