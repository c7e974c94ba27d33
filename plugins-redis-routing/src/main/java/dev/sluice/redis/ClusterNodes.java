package dev.sluice.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.StringCodec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The masters of a Redis Cluster. */
final class ClusterNodes implements RedisNodes {

    private final RedisClusterClient client;

    ClusterNodes(RedisClusterClient client) {
        this.client = client;
    }

    @Override
    public CompletionStage<Link> connect() {
        return client.refreshPartitionsAsync()
                .thenCompose(refreshed -> client.connectAsync(StringCodec.UTF8))
                .thenCompose(this::connectMasters);
    }

    private CompletionStage<Link> connectMasters(StatefulRedisClusterConnection<String, String> cluster) {
        Set<String> masters = masters();
        if (!coversAllSlots()) {
            cluster.closeAsync();
            return CompletableFuture.failedFuture(new RedisException("a part of the cluster's slots has no master"));
        }
        var connections = masters.stream().map(cluster::getConnectionAsync).toList();
        return CompletableFuture.allOf(connections.toArray(CompletableFuture<?>[]::new))
                .<Link>thenApply(all -> new ClusterLink(
                        cluster,
                        masters,
                        connections.stream().map(CompletableFuture::join).toList()))
                .whenComplete((link, failure) -> {
                    if (failure != null) {
                        cluster.closeAsync();
                    }
                });
    }

    /** Masters without slots too: slots may move to them at any time. */
    private Set<String> masters() {
        return client.getPartitions().stream()
                .filter(ClusterNodes::master)
                .map(RedisClusterNode::getNodeId)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean coversAllSlots() {
        return client.getPartitions().stream()
                        .filter(ClusterNodes::master)
                        .mapToInt(node -> node.getSlots().size())
                        .sum()
                == SlotHash.SLOT_COUNT;
    }

    private static boolean master(RedisClusterNode node) {
        return node.is(NodeFlag.UPSTREAM) && !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR);
    }

    @Override
    public void close() {
        client.shutdown();
    }

    private final class ClusterLink implements Link {
        private final StatefulRedisClusterConnection<String, String> cluster;
        private final Set<String> ids;
        private final List<StatefulRedisConnection<String, String>> masters;

        ClusterLink(
                StatefulRedisClusterConnection<String, String> cluster,
                Set<String> ids,
                List<StatefulRedisConnection<String, String>> masters) {
            this.cluster = cluster;
            this.ids = ids;
            this.masters = masters;
        }

        @Override
        public List<StatefulRedisConnection<String, String>> masters() {
            return masters;
        }

        @Override
        public RedisClusterAsyncCommands<String, String> commands() {
            return cluster.async();
        }

        @Override
        public boolean complete() {
            return ids.equals(ClusterNodes.this.masters());
        }

        @Override
        public void close() {
            cluster.closeAsync();
        }
    }
}
