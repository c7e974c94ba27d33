package dev.sluice.sso;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A stand-alone server, or the master that Sentinels name at the time of connecting. */
final class SingleNode implements RedisNodes {

    private final RedisClient client;
    private final RedisURI uri;

    SingleNode(RedisClient client, RedisURI uri) {
        this.client = client;
        this.uri = uri;
    }

    @Override
    public CompletionStage<Link> connect() {
        return client.connectAsync(CODEC, uri).thenApply(SingleLink::new);
    }

    @Override
    public void close() {
        client.shutdown(SHUTDOWN_QUIET, SHUTDOWN_TIMEOUT);
    }

    private record SingleLink(StatefulRedisConnection<String, byte[]> connection) implements Link {
        @Override
        public List<StatefulRedisConnection<String, byte[]>> masters() {
            return List.of(connection);
        }

        @Override
        public RedisClusterAsyncCommands<String, byte[]> commands() {
            return connection.async();
        }

        @Override
        public boolean isComplete() {
            return true;
        }

        @Override
        public CompletableFuture<Void> close() {
            return connection.closeAsync();
        }
    }
}
