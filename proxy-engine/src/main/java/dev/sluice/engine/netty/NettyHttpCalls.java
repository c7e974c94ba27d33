package dev.sluice.engine.netty;

import dev.sluice.api.Upstream;
import dev.sluice.api.spi.HttpCalls;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Plugins' calls to other services, over the same pools and connections that requests are forwarded on. */
public final class NettyHttpCalls implements HttpCalls {

    private final Supplier<ConnectionPool> pools;

    NettyHttpCalls(Supplier<ConnectionPool> pools) {
        this.pools = pools;
    }

    @Override
    public CompletionStage<Reply> send(Call call) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            Upstream upstream = originOf(call.uri());
            ConnectionPool pool = pools.get();
            pool.loop().execute(() -> start(call, upstream, pool, reply));
        } catch (RuntimeException e) {
            reply.completeExceptionally(new IOException(call + ": " + e.getMessage(), e));
        }
        return reply;
    }

    private static Upstream originOf(URI uri) {
        return Upstream.of(URI.create(uri.getScheme() + "://" + uri.getRawAuthority()));
    }

    private static void start(Call call, Upstream upstream, ConnectionPool pool, CompletableFuture<Reply> reply) {
        EventLoop loop = pool.loop();
        CallExchange exchange = new CallExchange(call, upstream, pool, reply);
        var deadline = loop.schedule(
                () -> exchange.fail(new TimeoutException("no whole reply in " + call.timeout())),
                call.timeout().toMillis(),
                TimeUnit.MILLISECONDS);
        reply.whenComplete((r, e) -> deadline.cancel(false));
        try {
            exchange.start(false);
        } catch (RuntimeException e) { // no thread is free to look the name up
            exchange.fail(e);
        }
    }
}
