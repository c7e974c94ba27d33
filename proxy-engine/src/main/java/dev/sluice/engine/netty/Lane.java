package dev.sluice.engine.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * What one event loop serves with: its pool, and the configuration in force there. An exchange keeps the configuration
 * that it began under, so the lane counts how many run under each. Confined to its loop, so that counting costs nothing.
 */
final class Lane {

    private final ConnectionPool pool;
    private final List<Former> formers = new ArrayList<>(1);
    private final ByteBuf head = Unpooled.buffer(1024);
    private ServerContext current;
    private int exchanges;

    /** A configuration that has been replaced, under which exchanges still run. */
    private static final class Former {
        private final ServerContext server;
        private final Runnable unused;
        private int exchanges;

        Former(ServerContext server, Runnable unused, int exchanges) {
            this.server = server;
            this.unused = unused;
            this.exchanges = exchanges;
        }
    }

    Lane(ConnectionPool pool, ServerContext first) {
        this.pool = pool;
        this.current = first;
    }

    ConnectionPool pool() {
        return pool;
    }

    /** Where a head is written, empty; whoever takes it copies it before it is asked for again. */
    ByteBuf head() {
        return head.clear();
    }

    /** The configuration in force, for what happens between exchanges. */
    ServerContext current() {
        return current;
    }

    /** The configuration that a new exchange runs under, to its end. */
    ServerContext begin() {
        exchanges++;
        return current;
    }

    /** An exchange that began under {@code server} is over. */
    void end(ServerContext server) {
        if (server == current) {
            exchanges--;
            return;
        }
        formers.removeIf(former -> {
            boolean over = former.server == server && --former.exchanges == 0;
            if (over) {
                former.unused.run();
            }
            return over;
        });
    }

    /** Puts {@code next} in force, and runs {@code unused} when no exchange runs under the former one any more. */
    void replace(ServerContext next, Runnable unused) {
        if (exchanges == 0) {
            unused.run();
        } else {
            formers.add(new Former(current, unused, exchanges));
        }
        current = next;
        exchanges = 0;
    }
}
