package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import dev.sluice.engine.launch.LifeProvider.Life;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    @TempDir
    Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ScriptedUpstream a = ScriptedUpstream.start(Scripts.respondWith(Scripts.text("a")));
    private final ScriptedUpstream b = ScriptedUpstream.start(Scripts.respondWith(Scripts.text("b")));
    private Path file;
    private Deployment deployment;
    private Reload reload;

    @BeforeEach
    void start() throws IOException {
        LifeProvider.MADE.clear();
        file = dir.resolve("proxy.conf");
        write(life(a));
        deployment = Deployment.prepare(ProxyConfig.read(HoconConfig.parseFile(file)));
        deployment.start();
        reload = new Reload(file, deployment, printing(out), printing(err));
    }

    @AfterEach
    void stop() {
        deployment.close();
        a.close();
        b.close();
        assertThat(LifeProvider.MADE).allSatisfy(life -> assertThat(life.closed).hasValue(1));
    }

    private static PrintStream printing(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String life(ScriptedUpstream upstream) {
        return "{ plugin = life, upstream = \"" + upstream.url() + "\" }";
    }

    private void write(String resolvers, String... more) {
        String text =
                "listen { port = 0 }\nadmin { port = 0 }\nauthenticators = [ { plugin = anonymous } ]\nresolvers = [ "
                        + resolvers + " ]\n" + String.join("\n", more);
        try {
            Path made = Files.writeString(dir.resolve("new.conf"), text);
            Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String reloaded() {
        out.reset();
        err.reset();
        reload.now();
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private String ask() {
        try (RawClient client = RawClient.connect(deployment.address())) {
            return client.send(GET).readReply().text();
        }
    }

    private static Life made(int n) {
        return LifeProvider.MADE.get(n);
    }

    @Test
    void newRoutes_areUsedByOpenConnectionsToo() {
        try (RawClient client = RawClient.connect(deployment.address())) {
            assertThat(client.send(GET).readReply().text()).isEqualTo("a");
            write(life(b), "timeouts { connect = 4s }");
            assertThat(reloaded()).isEqualTo("sluice: reloaded; changed: resolvers, timeouts\n");
            assertThat(client.send(GET).readReply().text()).isEqualTo("b");
            await().until(() -> made(0).closed.get() == 1);
            assertThat(made(1).closed).hasValue(0);
        }
    }

    @Test
    void unchangedPlugin_goesOnAsItIs() {
        write(life(a) + ", " + life(b));
        assertThat(reloaded()).isEqualTo("sluice: reloaded; changed: resolvers\n");
        write(life(a).replace("}", ", when { paths = [\"/\"] } }") + ", " + life(b));
        reloaded();
        assertThat(LifeProvider.MADE)
                .hasSize(2)
                .allSatisfy(life -> assertThat(life.closed).hasValue(0));
        assertThat(ask()).isEqualTo("a");
        assertThat(reloaded()).isEqualTo("sluice: reloaded; changed: nothing\n");
    }

    @Test
    void exchangeUnderWay_keepsItsPluginOpen() {
        CountDownLatch release = new CountDownLatch(1);
        try (var slow = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.stallUntil(release);
                    c.send(Scripts.text("slow"));
                });
                RawClient client = RawClient.connect(deployment.address())) {
            write(life(slow));
            reloaded();
            client.send(GET);
            slow.awaitRequest(1);
            write(life(b));
            reloaded();
            write(life(a));
            reloaded();
            await().until(() -> made(2).closed.get() == 1);
            assertThat(made(1).closed).hasValue(0);
            assertThat(deployment.retiring()).isEqualTo(1);
            release.countDown();
            assertThat(client.readReply().text()).isEqualTo("slow");
            await().until(() -> made(1).closed.get() == 1 && deployment.retiring() == 0);
        }
    }

    @Test
    void tunnel_survivesAndKeepsItsPluginOpen() {
        try (var echo = ScriptedUpstream.start(Scripts.webSocketEcho())) {
            write(life(echo));
            reloaded();
            try (var socket = WebSocketClient.open(deployment.address(), "h", "/")) {
                write(life(b));
                reloaded();
                assertThat(ask()).isEqualTo("b");
                assertThat(socket.sendText("still here").read().text()).isEqualTo("still here");
                assertThat(made(1).closed).hasValue(0);
            }
            await().until(() -> made(1).closed.get() == 1);
        }
    }

    @Test
    void wrongFile_isComplainedAboutAsByCheckAndChangesNothing() throws IOException {
        write(life(b), "timeouts { connect = 3 }", "resolver = []");
        var complaints = new ByteArrayOutputStream();
        Main.run(new String[] {"--check", "--config", file.toString()}, System.out, printing(complaints));
        assertThat(reloaded())
                .isEqualTo(
                        "sluice: not reloaded, all goes on as before\n" + complaints.toString(StandardCharsets.UTF_8))
                .contains("timeouts.connect: 3 (expected: ", "resolver: unknown key");
        write(life(a) + ", " + life(b) + ", { plugin = life, upstream = \"" + b.url() + "\", fails = true }");
        assertThat(reloaded()).contains("resolvers[2].fails: true (expected: false), " + file + ": 4\n");
        Files.delete(file);
        assertThat(reloaded()).contains(": no such file");
        assertThat(ask()).isEqualTo("a");
        assertThat(made(0).closed).hasValue(0);
        assertThat(made(1).closed).hasValue(1);
    }

    @Test
    void whatIsFixedAtTheStart_isSaidToNeedARestart() {
        write(life(a), "listen { port = 1 }", "pool { idle = 1s }");
        assertThat(reloaded()).isEqualTo("sluice: reloaded; changed: nothing; needs a restart: listen, pool\n");
        write(life(b), "pool { idle = 1s }");
        assertThat(reloaded()).isEqualTo("sluice: reloaded; changed: resolvers; needs a restart: pool\n");
    }

    @Test
    void readiness_isThatOfThePluginsInForce() {
        write(life(a).replace("}", ", not-ready = \"no routes yet\" }"));
        reloaded();
        RawReply reply;
        try (RawClient client = RawClient.connect(deployment.adminAddress().orElseThrow())) {
            reply = client.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readReply();
        }
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text()).isEqualTo("not ready\nresolver life: no routes yet\n");
    }

    /** As Kubernetes swaps a mounted ConfigMap: the file is a link to a link that is replaced. */
    @Test
    void changedFile_isLoadedOnceItHasSettled() throws IOException {
        Path first = Files.createDirectory(dir.resolve("..1"));
        Path second = Files.createDirectory(dir.resolve("..2"));
        Path data = Files.createSymbolicLink(dir.resolve("..data"), first);
        Files.move(file, first.resolve("proxy.conf"));
        Files.createSymbolicLink(file, data.resolve("proxy.conf"));
        reload.ifChanged();
        reload.ifChanged();
        assertThat(out.size() + err.size()).isZero();

        String text = Files.readString(file).replace(a.url(), b.url());
        Files.writeString(second.resolve("proxy.conf"), text);
        Path swap = Files.createSymbolicLink(dir.resolve("..swap"), second);
        Files.move(swap, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        reload.ifChanged();
        assertThat(ask()).isEqualTo("a");
        reload.ifChanged();
        assertThat(ask()).isEqualTo("b");
        reload.ifChanged();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("sluice: reloaded; changed: resolvers\n");
    }

    @Test
    void reloadUnderLoad_losesNoRequest() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<CompletableFuture<Void>> clients = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            while (!over.get()) {
                                askOnOneConnection(over, answered);
                            }
                        },
                        task -> new Thread(task).start()))
                .toList();
        for (int i = 1; i <= 30; i++) {
            write(life(i % 2 == 0 ? a : b));
            assertThat(reloaded()).isEqualTo("sluice: reloaded; changed: resolvers\n");
            int before = answered.get();
            await().until(() -> answered.get() > before + 10 || clients.stream().anyMatch(CompletableFuture::isDone));
        }
        over.set(true);
        for (CompletableFuture<Void> client : clients) {
            client.get(10, TimeUnit.SECONDS);
        }
        assertThat(LifeProvider.MADE).hasSize(31);
        await().until(() -> LifeProvider.MADE.stream()
                        .filter(life -> life.closed.get() == 1)
                        .count()
                == 30);
    }

    /** Until it is over, or the proxy says that the connection has carried its share. */
    private void askOnOneConnection(AtomicBoolean over, AtomicInteger answered) {
        try (RawClient client = RawClient.connect(deployment.address())) {
            boolean last = false;
            while (!last && !over.get()) {
                RawReply reply = client.send(GET).readReply();
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.text()).isIn("a", "b");
                answered.incrementAndGet();
                last = "close".equals(reply.header("Connection"));
            }
        }
    }
}
