package dev.sluice.engine.netty;

import dev.sluice.api.spi.HttpCalls;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.exchange.Upstreams;
import dev.sluice.engine.tls.ClientTls;
import dev.sluice.engine.tls.ServerTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The event loops of a proxy, one for each core, each with its own pool of connections to upstreams. */
public final class EventLoops {

    private final Transports transports;
    private final EventLoopGroup group;
    private final Map<EventExecutor, ConnectionPool> pools = new LinkedHashMap<>();

    public EventLoops(Transports transports, ProxySettings settings, ClientTls tls, Executor blocking) {
        this.transports = transports;
        this.group = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("sluice-loop", true),
                transports.handler());
        Connector connector = new Connector(transports, blocking, tls, ClientPipeline.decoding(settings.limits()));
        for (EventExecutor loop : group) {
            pools.put(loop, new ConnectionPool((EventLoop) loop, connector, settings.pool()));
        }
    }

    public EventLoopGroup group() {
        return group;
    }

    public Transports transports() {
        return transports;
    }

    private ConnectionPool poolOf(EventLoop loop) {
        return Objects.requireNonNull(pools.get(loop));
    }

    /** Makes the initializer of clients' connections. */
    public ClientPipeline clientPipeline(Lanes lanes, ClientConnections connections, @Nullable ServerTls tls) {
        return new ClientPipeline(lanes, connections, tls);
    }

    /** A lane on each loop, all with {@code first} in force. */
    public Lanes lanes(ServerContext first) {
        return new Lanes(pools.values(), first);
    }

    /**
     * Where the bytes of all connections are. Netty's default gives its chunks back soon where the heap is small, and a
     * fresh chunk is filled with zeros: of a body streamed in large reads every byte would be written once more.
     */
    public static ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    /** How much is read from a client at once. */
    public static RecvByteBufAllocator readSize() {
        return ReadSize.growing();
    }

    /** How much may wait to be written to a client before its upstream is not read. */
    public static WriteBufferWaterMark waterMark() {
        return ReadSize.WATER_MARK;
    }

    /** How many connections to upstreams wait for an exchange; a little late. */
    public int idleUpstreamConnections() {
        return pools.values().stream().mapToInt(ConnectionPool::idleCount).sum();
    }

    /** How many connections to upstreams there are; a little late. */
    public int openUpstreamConnections() {
        return pools.values().stream().mapToInt(ConnectionPool::openCount).sum();
    }

    /** Makes the probes of one server, of which there are none yet. */
    public UpstreamProbes probes(Upstreams upstreams) {
        return new UpstreamProbes(() -> poolOf(group.next()), upstreams);
    }

    public HttpCalls httpCalls() {
        return new NettyHttpCalls(() -> poolOf(group.next()));
    }

    /** Closes idle connections and stops the loops. */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        pools.values().forEach(pool -> pool.loop().execute(pool::close));
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).addListener(done -> stopped.complete(null));
        return stopped;
    }
}
