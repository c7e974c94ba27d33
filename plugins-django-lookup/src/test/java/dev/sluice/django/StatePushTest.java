package dev.sluice.django;

import static dev.sluice.django.Lookups.app;
import static dev.sluice.django.Lookups.decide;
import static dev.sluice.django.Lookups.gist;
import static dev.sluice.django.Lookups.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.testkit.FakePluginContext;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;

class StatePushTest {

    private static final String LAB = "lab.example.org";
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(StatePush.class);

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final FakeDjango django = new FakeDjango();
    private final RedisClient client = RedisClient.create();
    private int port;
    private RedisServer redis;
    private RouteResolver resolver;
    private FakePluginContext context;

    @BeforeEach
    void start() throws IOException {
        said.list = new CopyOnWriteArrayList<>();
        said.start();
        LOG.addAppender(said);
        port = freePort();
        redis = RedisServer.newRedisServer().port(port).setting("save \"\"").build();
        redis.start();
        context = Lookups.context("push.url = \"redis://127.0.0.1:" + port + "\", cache.running = 1h", django);
        resolver = new DjangoLookupProvider().create(context);
    }

    @AfterEach
    void stop() throws IOException {
        LOG.detachAppender(said);
        resolver.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        redis.stop();
    }

    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (var client = new ServerSocket(port);
                    var bus = new ServerSocket(port + 10_000)) { // which it would have in a cluster
                return port;
            } catch (IOException e) {
                continue;
            }
        }
    }

    private RedisCommands<String, String> commands() {
        return commands(port);
    }

    private RedisCommands<String, String> commands(int port) {
        return client.connect(RedisURI.create("127.0.0.1", port)).sync();
    }

    /** How many clients are pushed what changes under a prefix: B. */
    private long tracking(int port) {
        return commands(port)
                .clientList()
                .lines()
                .filter(line -> line.matches(".* flags=[A-Za-z]*B.*"))
                .count();
    }

    private void awaitSaid(String start) {
        await().atMost(LONG)
                .until(() -> said.list.stream()
                        .anyMatch(event -> event.getFormattedMessage().startsWith(start)));
    }

    private void awaitTracking() {
        await().until(() -> tracking(port) == 1);
    }

    @Test
    void writtenKey_dropsWhatIsKnownOfTheApplicationAndOfItAlone() {
        awaitTracking();
        django.answer("GET lab--4000", 404, "{}")
                .answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"))
                .answer("GET other", 200, app("RUNNING", "http://10.0.0.1:80"));
        decide(resolver, page(LAB));
        decide(resolver, page("lab--4000.example.org"));
        decide(resolver, page("other.example.org"));
        django.from("GET lab").answer("GET lab", 200, app("RUNNING", "http://10.0.0.2:80"));

        commands().set("sluice:django-lookup:lab", "", SetArgs.Builder.ex(1));
        await().untilAsserted(
                        () -> assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("http://10.0.0.2:80"));
        assertThat(gist(decide(resolver, page("lab--4000.example.org")))).isEqualTo("http://10.0.0.2:4000");
        decide(resolver, page("other.example.org"));
        assertThat(django.log()).containsOnlyOnce("GET other");
    }

    @Test
    void redisAwayAndBack_isHeardAgain() throws IOException {
        awaitTracking();
        django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"));
        decide(resolver, page(LAB));
        redis.stop();
        assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("http://10.0.0.1:80");

        django.from("GET lab").answer("GET lab", 200, app("RUNNING", "http://10.0.0.2:80"));
        redis.start();
        await().untilAsserted(() -> {
            context.manualTimer().advance(Duration.ofSeconds(2));
            assertThat(gist(decide(resolver, page(LAB)))).isEqualTo("http://10.0.0.2:80");
        });
    }

    @Test
    void redisHangs_isLeft_andHeardAgainWhenItAnswers() {
        awaitTracking();
        commands().clientPause(4000);
        context.manualTimer().advance(Duration.ofSeconds(2));
        await().atMost(LONG).until(() -> tracking(port) == 0);
        await().atMost(LONG).until(() -> {
            context.manualTimer().advance(Duration.ofSeconds(2));
            return tracking(port) == 1;
        });
    }

    @Test
    void masterReplacedByItsSentinel_changesAreHeardFromTheNewOne() throws IOException {
        int standbyPort = freePort();
        RedisServer standby = RedisServer.newRedisServer()
                .port(standbyPort)
                .slaveOf("127.0.0.1", port)
                .setting("save \"\"")
                .build();
        standby.start();
        await().atMost(LONG).until(() -> commands(port).info("replication").contains("state=online"));
        int sentinelPort = freePort();
        RedisSentinel sentinel = RedisSentinel.newRedisSentinel()
                .port(sentinelPort)
                .masterName("apps")
                .masterPort(port)
                .quorumSize(1)
                .downAfterMilliseconds(500)
                .build();
        sentinel.start();
        FakePluginContext guarded = Lookups.context(
                "push.url = \"redis-sentinel://127.0.0.1:" + sentinelPort + "#apps\", cache.running = 1h", django);
        try (RouteResolver ours = new DjangoLookupProvider().create(guarded)) {
            await().atMost(LONG).until(() -> tracking(port) == 2);
            redis.stop();
            await().atMost(LONG).ignoreExceptions().until(() -> {
                guarded.manualTimer().advance(Duration.ofSeconds(2));
                return tracking(standbyPort) == 1;
            });
            django.answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80"));
            decide(ours, page(LAB));

            django.from("GET lab").answer("GET lab", 200, app("RUNNING", "http://10.0.0.2:80"));
            commands(standbyPort).set("sluice:django-lookup:lab", "", SetArgs.Builder.ex(1));
            await().untilAsserted(
                            () -> assertThat(gist(decide(ours, page(LAB)))).isEqualTo("http://10.0.0.2:80"));
        } finally {
            sentinel.stop();
            standby.stop();
        }
    }

    @Test
    void nodeOfACluster_isRefused_andThatIsSaid() throws IOException {
        int nodePort = freePort();
        RedisServer node = RedisServer.newRedisServer()
                .port(nodePort)
                .setting("cluster-enabled yes")
                .setting("cluster-config-file nodes-" + nodePort + ".conf")
                .setting("dir " + Path.of("target").toAbsolutePath())
                .build();
        node.start();
        FakePluginContext context = Lookups.context("push.url = \"redis://127.0.0.1:" + nodePort + "\"", django);
        try (RouteResolver ours = new DjangoLookupProvider().create(context)) {
            awaitSaid("push.url: a node of a Redis Cluster");
            context.manualTimer().advance(Duration.ofMinutes(1));
            assertThat(tracking(nodePort)).isZero();
        } finally {
            node.stop();
        }
    }

    @Test
    void severalUrls_areRefused() {
        assertThatThrownBy(() -> new DjangoLookupProvider()
                        .create(Lookups.context("push.url = [\"redis://a\", \"redis://b\"]", django)))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining("push.url: 2 URLs (expected: one; a Redis Cluster does not do)");
    }

    @Test
    void urlThatIsNone_isRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> new DjangoLookupProvider()
                        .create(Lookups.context("push.url = \"http://user:opensesame@redis\"", django)))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining("push.url: not a URL of Redis (expected: redis[s]://")
                .hasMessageNotContaining("opensesame");
    }
}
