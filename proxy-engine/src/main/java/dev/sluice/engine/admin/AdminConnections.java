package dev.sluice.engine.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what clients of the admin listener can take: so many connections, each for so long. When there are too many the
 * oldest goes, so that clients who dawdle keep no probe out. Confined to the listener's thread.
 */
@Sharable
final class AdminConnections extends ChannelInboundHandlerAdapter {

    static final int MOST = 100;

    private static final int LONGEST_SECONDS = 10;

    private final Set<Channel> open = new LinkedHashSet<>();

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (open.size() == MOST) {
            Channel oldest = open.iterator().next();
            open.remove(oldest);
            oldest.close();
        }
        open.add(ctx.channel());
        var cut = ctx.executor().schedule(() -> ctx.close(), LONGEST_SECONDS, TimeUnit.SECONDS);
        ctx.channel().closeFuture().addListener(closed -> cut.cancel(false));
        ctx.fireChannelActive();
    }

    void closeAll() {
        List.copyOf(open).forEach(Channel::close);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        open.remove(ctx.channel());
        ctx.fireChannelInactive();
    }
}
