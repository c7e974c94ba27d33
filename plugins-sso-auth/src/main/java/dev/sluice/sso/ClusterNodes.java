package dev.sluice.sso;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
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
                .thenCompose(refreshed -> client.connectAsync(CODEC))
                .thenCompose(this::connectMasters);
    }

    private CompletionStage<Link> connectMasters(StatefulRedisClusterConnection<String, byte[]> cluster) {
        List<RedisClusterNode> masters = masters();
        if (!coversAllSlots(masters)) {
            cluster.closeAsync();
            return CompletableFuture.failedFuture(new RedisException("a part of the cluster's slots has no master"));
        }
        // By host and port, as commands look for a key's connection: they find these, on which changes are told.
        List<CompletableFuture<StatefulRedisConnection<String, byte[]>>> connections = masters.stream()
                .map(RedisClusterNode::getUri)
                .map(uri -> cluster.getConnectionAsync(uri.getHost(), uri.getPort()))
                .toList();
        return CompletableFuture.allOf(connections.toArray(CompletableFuture<?>[]::new))
                .<Link>thenApply(all -> new ClusterLink(
                        cluster,
                        ids(masters),
                        connections.stream().map(CompletableFuture::join).toList()))
                .whenComplete((link, failure) -> {
                    if (failure != null) {
                        cluster.closeAsync();
                    }
                });
    }

    /** Masters without slots too: slots may move to them at any time. */
    private List<RedisClusterNode> masters() {
        return client.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM) && !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR))
                .toList();
    }

    private static boolean coversAllSlots(List<RedisClusterNode> masters) {
        return masters.stream().mapToInt(node -> node.getSlots().size()).sum() == SlotHash.SLOT_COUNT;
    }

    private static Set<String> ids(List<RedisClusterNode> nodes) {
        return nodes.stream().map(RedisClusterNode::getNodeId).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        client.shutdown(SHUTDOWN_QUIET, SHUTDOWN_TIMEOUT);
    }

    private final class ClusterLink implements Link {
        private final StatefulRedisClusterConnection<String, byte[]> cluster;
        private final Set<String> ids;
        private final List<StatefulRedisConnection<String, byte[]>> masters;

        ClusterLink(
                StatefulRedisClusterConnection<String, byte[]> cluster,
                Set<String> ids,
                List<StatefulRedisConnection<String, byte[]>> masters) {
            this.cluster = cluster;
            this.ids = ids;
            this.masters = masters;
        }

        @Override
        public List<StatefulRedisConnection<String, byte[]>> masters() {
            return masters;
        }

        @Override
        public RedisClusterAsyncCommands<String, byte[]> commands() {
            return cluster.async();
        }

        @Override
        public boolean isComplete() {
            return ids.equals(ids(ClusterNodes.this.masters()));
        }

        @Override
        public CompletableFuture<Void> close() {
            return cluster.closeAsync();
        }
    }
}
