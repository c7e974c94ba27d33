package dev.sluice.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The Redis servers that hold the routes: one, or the masters of a cluster. */
interface RedisNodes extends AutoCloseable {

    /** Connects anew to every master there is now; fails if one cannot be reached or is missing. Does not block. */
    CompletionStage<Link> connect();

    /** Connections that live and die together: none is ever re-established. */
    interface Link {

        /** One connection to each master. */
        List<StatefulRedisConnection<String, String>> masters();

        /** For batches of commands on single keys, wherever those are. */
        StatefulConnection<String, String> connection();

        /** The same connection, for single commands. */
        RedisClusterAsyncCommands<String, String> commands();

        /** Whether {@link #masters()} are still all the masters that there are. */
        boolean complete();

        /** Closes the connections; does not block. */
        CompletableFuture<Void> close();
    }

    /** Releases threads and sockets; blocks for a moment. */
    @Override
    void close();
}
