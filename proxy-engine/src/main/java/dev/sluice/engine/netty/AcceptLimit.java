package dev.sluice.engine.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops accepting while as many clients are connected as may be, on the listening channel. Those that come wait in the
 * system's queue, where they cost the proxy nothing, until others leave.
 */
public final class AcceptLimit extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptLimit.class);

    private final int most;
    private final Runnable paused;
    private final AtomicInteger open = new AtomicInteger();
    private final Seldom warning = new Seldom();

    /** @param paused told each time that accepting stops */
    public AcceptLimit(int most, Runnable paused) {
        this.most = most;
        this.paused = paused;
    }

    /** How many connections of clients are open. */
    public int open() {
        return open.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel listener = ctx.channel();
        if (open.incrementAndGet() >= most) {
            pause(listener);
        }
        ((Channel) accepted).closeFuture().addListener(closed -> {
            open.decrementAndGet();
            resume(listener);
        });
        ctx.fireChannelRead(accepted);
    }

    /** Somebody may have left before there was anything to resume, and would not be asked again. */
    private void pause(Channel listener) {
        if (listener.config().isAutoRead()) {
            paused.run();
        }
        listener.config().setAutoRead(false);
        resume(listener);
        if (!listener.config().isAutoRead() && warning.now()) {
            LOG.warn("{} connections of clients are open; no more are accepted until some close", most);
        }
    }

    private void resume(Channel listener) {
        if (open.get() < most && !listener.config().isAutoRead()) {
            listener.config().setAutoRead(true);
        }
    }
}
