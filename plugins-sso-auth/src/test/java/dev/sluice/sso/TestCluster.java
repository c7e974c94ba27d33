package dev.sluice.sso;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real Redis Cluster: three masters, and a replica of the first. */
final class TestCluster implements AutoCloseable {

    private static final int MASTERS = 3;

    private final List<TestRedis> nodes = Stream.generate(
                    () -> new TestRedis("--cluster-enabled", "yes", "--cluster-node-timeout", "1000"))
            .limit(MASTERS + 1)
            .toList();

    TestCluster() {
        for (int i = 0; i < MASTERS; i++) {
            int[] slots = IntStream.range(firstSlot(i), firstSlot(i + 1)).toArray();
            node(i).run(commands -> commands.clusterAddSlots(slots));
        }
        node(0).run(commands -> {
            nodes.forEach(node -> commands.clusterMeet("127.0.0.1", node.port()));
            return null;
        });
        awaitEverywhere("cluster_known_nodes:" + nodes.size());
        String first = id(0);
        replica().run(commands -> commands.clusterReplicate(first));
        awaitEverywhere("cluster_state:ok");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> nodes.stream()
                        .allMatch(node ->
                                node.run(commands -> commands.clusterNodes()).contains("slave " + first)));
        awaitReplication();
    }

    private static int firstSlot(int master) {
        return SlotHash.SLOT_COUNT * master / MASTERS;
    }

    private void awaitEverywhere(String state) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> nodes.stream()
                        .allMatch(node ->
                                node.run(commands -> commands.clusterInfo()).contains(state)));
    }

    /** The replica follows its master, and has what that has. */
    void awaitReplication() {
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        replica().run(commands -> commands.info("replication")).contains("master_link_status:up")
                                && replica()
                                        .run(commands -> commands.dbsize())
                                        .equals(node(0).run(commands -> commands.dbsize())));
    }

    private String id(int node) {
        return node(node).run(commands -> commands.clusterMyId());
    }

    /** The configuration's {@code url}: those of all nodes. */
    String urls() {
        return nodes.stream().map(TestRedis::url).collect(Collectors.joining("\", \"", "[\"", "\"]"));
    }

    List<TestRedis> nodes() {
        return nodes;
    }

    TestRedis node(int i) {
        return nodes.get(i);
    }

    /** The replica of the first master. */
    TestRedis replica() {
        return nodes.get(MASTERS);
    }

    /** The master that has a key's slot at the beginning. */
    static int home(String key) {
        int slot = SlotHash.getSlot(key);
        return IntStream.range(0, MASTERS)
                .filter(i -> slot < firstSlot(i + 1))
                .findFirst()
                .orElseThrow();
    }

    /** Moves the slot of {@code key}, as a resharding does; {@code whileMoving} runs when the keys have left. */
    void moveSlot(String key, int from, int to, Runnable whileMoving) {
        int slot = SlotHash.getSlot(key);
        String source = id(from);
        String target = id(to);
        node(to).run(commands -> commands.clusterSetSlotImporting(slot, source));
        node(from).run(commands -> commands.clusterSetSlotMigrating(slot, target));
        node(from)
                .run(commands ->
                        commands.migrate("127.0.0.1", node(to).port(), 0, 1000, MigrateArgs.Builder.keys(key)));
        whileMoving.run();
        node(to).run(commands -> commands.clusterSetSlotNode(slot, target));
        node(from).run(commands -> commands.clusterSetSlotNode(slot, target));
    }

    @Override
    public void close() {
        nodes.forEach(TestRedis::close);
    }
}
