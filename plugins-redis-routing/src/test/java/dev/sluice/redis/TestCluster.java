package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A real cluster: some masters, and one replica of the first. */
final class TestCluster implements AutoCloseable {

    private final List<RedisProcess> nodes = new ArrayList<>();
    private final int masters;

    private TestCluster(int masters) {
        this.masters = masters;
        for (int i = 0; i <= masters; i++) {
            nodes.add(RedisProcess.start("--cluster-enabled", "yes", "--cluster-node-timeout", "1000"));
        }
    }

    static TestCluster start(int masters) {
        var cluster = new TestCluster(masters);
        cluster.form();
        return cluster;
    }

    private void form() {
        for (int i = 0; i < masters; i++) {
            int from = SlotHash.SLOT_COUNT * i / masters;
            int to = SlotHash.SLOT_COUNT * (i + 1) / masters;
            commands(i).clusterAddSlots(IntStream.range(from, to).toArray());
        }
        for (int i = 1; i <= masters; i++) {
            commands(0).clusterMeet("127.0.0.1", nodes.get(i).port());
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(this::everybodyKnowsEverybody);
        commands(masters).clusterReplicate(commands(0).clusterMyId());
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(commands(masters).info("replication")).contains("master_link_status:up");
            for (int i = 0; i <= masters; i++) {
                assertThat(commands(i).clusterInfo()).contains("cluster_state:ok");
                assertThat(commands(i).clusterNodes()).contains("slave");
            }
        });
    }

    private void everybodyKnowsEverybody() {
        for (int i = 0; i <= masters; i++) {
            assertThat(commands(i).clusterInfo()).contains("cluster_known_nodes:" + (masters + 1));
        }
    }

    String[] urls() {
        return nodes.stream().map(RedisProcess::url).toArray(String[]::new);
    }

    RedisProcess node(int i) {
        return nodes.get(i);
    }

    /** The replica of the first master. */
    RedisProcess replica() {
        return nodes.get(masters);
    }

    RedisCommands<String, String> commands(int node) {
        return nodes.get(node).commands();
    }

    /** The master that has a key's slot at the beginning. */
    int home(String key) {
        return IntStream.range(0, masters)
                .filter(i -> SlotHash.getSlot(key) < SlotHash.SLOT_COUNT * (i + 1) / masters)
                .findFirst()
                .orElseThrow();
    }

    /** Moves one slot with its keys, as a resharding does; {@code whileMoving} runs when the keys have left. */
    void moveSlot(int slot, int from, int to, Runnable whileMoving) {
        String source = commands(from).clusterMyId();
        String target = commands(to).clusterMyId();
        commands(to).clusterSetSlotImporting(slot, source);
        commands(from).clusterSetSlotMigrating(slot, target);
        for (String key : commands(from).clusterGetKeysInSlot(slot, 100)) {
            commands(from).migrate("127.0.0.1", nodes.get(to).port(), 0, 1000, MigrateArgs.Builder.keys(key));
        }
        whileMoving.run();
        commands(to).clusterSetSlotNode(slot, target);
        commands(from).clusterSetSlotNode(slot, target);
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
