package dev.sluice.sso;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The Redis servers that hold the sessions: one, or the masters of a cluster. */
interface RedisNodes extends AutoCloseable {

    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Lets channels that are being closed release their buffers. */
    Duration SHUTDOWN_QUIET = Duration.ofMillis(50);

    Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(1);

    /** Connects anew to every master there is now; fails if one cannot be reached or is missing. Does not block. */
    CompletionStage<Link> connect();

    /** Connections that live and die together: none is ever re-established. */
    interface Link {

        /** One connection to each master. */
        List<StatefulRedisConnection<String, byte[]>> masters();

        /** For commands on one key, wherever that is, through the connections to the masters. */
        RedisClusterAsyncCommands<String, byte[]> commands();

        /** Whether {@link #masters()} are still all the masters that there are. */
        boolean isComplete();

        /** Closes the connections; does not block. */
        CompletableFuture<Void> close();
    }

    /** Releases threads and sockets; blocks for a moment. */
    @Override
    void close();
}
