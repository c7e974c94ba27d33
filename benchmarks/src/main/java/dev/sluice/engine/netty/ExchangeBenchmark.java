package dev.sluice.engine.netty;

import dev.sluice.benchmarks.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Whole exchanges on a kept-alive connection, from bytes to bytes, without sockets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExchangeBenchmark {

    private final EmbeddedProxy proxy = new EmbeddedProxy();
    private final ByteBuf smallRequest = wire(Traffic.SMALL_REQUEST);
    private final ByteBuf smallReply = wire(Traffic.SMALL_REPLY);
    private final ByteBuf browserRequest = wire(Traffic.BROWSER_REQUEST);
    private final ByteBuf sessionReply = wire(Traffic.SESSION_REPLY);

    private static ByteBuf wire(String message) {
        byte[] bytes = Traffic.bytes(message);
        return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    @TearDown
    public void tearDown() {
        proxy.close();
    }

    /** The least that an exchange can be. */
    @Benchmark
    public int small() {
        return proxy.exchange(smallRequest.retainedDuplicate(), smallReply.retainedDuplicate());
    }

    /** Twelve fields and six cookies there, eleven fields of which four are cookies back. */
    @Benchmark
    public int browser() {
        return proxy.exchange(browserRequest.retainedDuplicate(), sessionReply.retainedDuplicate());
    }

    /** A connection taken from the pool and given back. */
    @Benchmark
    public Object pool() {
        var stage = proxy.pool()
                .acquire(EmbeddedProxy.UPSTREAM, false, Duration.ofSeconds(1))
                .toCompletableFuture();
        proxy.pool().giveBack((UpstreamConnection) stage.join());
        return stage;
    }
}
