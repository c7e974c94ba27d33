package dev.sluice.django;

import static dev.sluice.django.Lookups.app;
import static dev.sluice.django.Lookups.decide;
import static dev.sluice.django.Lookups.gist;
import static dev.sluice.django.Lookups.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.testkit.FakePluginContext;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

class StatePushTest {

    private static final String LAB = "lab.example.org";

    private final FakeDjango django = new FakeDjango();
    private final RedisClient client = RedisClient.create();
    private int port;
    private RedisServer redis;
    private RouteResolver resolver;
    private FakePluginContext context;

    @BeforeEach
    void start() throws IOException {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        redis = RedisServer.newRedisServer().port(port).setting("save \"\"").build();
        redis.start();
        context = Lookups.context("push.url = \"redis://127.0.0.1:" + port + "\", cache.running = 1h", django);
        resolver = new DjangoLookupProvider().create(context);
    }

    @AfterEach
    void stop() throws IOException {
        resolver.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        redis.stop();
    }

    private RedisCommands<String, String> commands() {
        return client.connect(RedisURI.create("127.0.0.1", port)).sync();
    }

    private void awaitTracking() {
        RedisCommands<String, String> commands = commands();
        // B: a client that is pushed what changes under a prefix.
        await().until(() -> commands.clientList().lines().anyMatch(line -> line.matches(".* flags=[A-Za-z]*B.*")));
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
    void urlThatIsNone_isRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> new DjangoLookupProvider()
                        .create(Lookups.context("push.url = \"http://user:opensesame@redis\"", django)))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining("push.url: not a URL of Redis (expected: redis[s]://")
                .hasMessageNotContaining("opensesame");
    }
}
