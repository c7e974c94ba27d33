package dev.sluice.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
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
        return client.connectAsync(StringCodec.UTF8, uri).thenApply(SingleLink::new);
    }

    @Override
    public void close() {
        client.shutdown();
    }

    private record SingleLink(StatefulRedisConnection<String, String> connection) implements Link {
        @Override
        public List<StatefulRedisConnection<String, String>> masters() {
            return List.of(connection);
        }

        @Override
        public RedisClusterAsyncCommands<String, String> commands() {
            return connection.async();
        }

        @Override
        public boolean complete() {
            return true;
        }

        @Override
        public CompletableFuture<Void> close() {
            return connection.closeAsync();
        }
    }
}
