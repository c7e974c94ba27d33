package dev.sluice.sso;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** A real Redis server of the test's own, which keeps nothing over a restart. */
final class TestRedis implements AutoCloseable {

    private static final File SERVER = server();
    private static final RedisClient CLIENT = client();

    private final int port = freePort();
    private final Path home = directory();
    private final List<String> arguments;
    private Process process;

    TestRedis(String... settings) {
        arguments = new ArrayList<>(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        arguments.addAll(List.of(settings));
        process = launch();
    }

    private TestRedis(Path sentinelConfig, String... settings) {
        arguments = new ArrayList<>(List.of(sentinelConfig.toString(), "--sentinel"));
        arguments.addAll(List.of(settings));
        process = launch();
    }

    static TestRedis replicaOf(TestRedis master) {
        return new TestRedis("--replicaof", "127.0.0.1", "" + master.port);
    }

    /** A Sentinel that watches {@code master} as "sessions", and acts alone. */
    static TestRedis sentinelOf(TestRedis master) {
        return sentinelOf(master.port);
    }

    static TestRedis sentinelOf(int master, String... settings) {
        try {
            Path config = Files.writeString(directory().resolve("sentinel.conf"), """
                    bind 127.0.0.1
                    sentinel monitor sessions 127.0.0.1 %d 1
                    sentinel down-after-milliseconds sessions 500
                    sentinel failover-timeout sessions 2000
                    """.formatted(master));
            return new TestRedis(config, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** The URL of the user that {@link #addUser} adds. */
    String userUrl() {
        return "redis://sluice:s3cret@127.0.0.1:" + port;
    }

    /** A user with the rights that docs/plugins/sso.md names, and {@code more}. */
    void addUser(String... more) {
        String rights = "reset on >s3cret +ping +client +hmget +eval +hget +hset +pexpire +pttl +del"
                + " +zadd +zrangebyscore +zremrangebyscore +get +set";
        CommandArgs<String, String> user =
                new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("sluice");
        Stream.concat(Stream.of(rights.split(" ")), Stream.of(more)).forEach(user::add);
        run(commands -> commands.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), user));
    }

    /** An administrator's hand. */
    <T> T run(Function<RedisCommands<String, String>, T> commands) {
        try (StatefulRedisConnection<String, String> connection = CLIENT.connect(RedisURI.create(url()))) {
            return commands.apply(connection.sync());
        }
    }

    void stop() {
        process.destroyForcibly().onExit().join();
    }

    void restart() {
        process = launch();
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    @Override
    public void close() {
        stop();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, "" + process.pid())
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        try {
            List<String> command = new ArrayList<>(List.of(SERVER.getPath()));
            command.addAll(arguments);
            command.addAll(List.of("--port", "" + port));
            Process started = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        if (!started.isAlive()) {
                            throw new IllegalStateException(Files.readString(home.resolve("log")));
                        }
                        return accepts();
                    });
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** One whose cluster port, 10,000 above it, is free as well. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket client = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket bus = new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
                return bus.getLocalPort() - 10_000;
            } catch (IOException e) {
                continue;
            }
        }
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "redis-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisClient client() {
        RedisClient client = RedisClient.create();
        client.setOptions(ClientOptions.builder().autoReconnect(false).build());
        return client;
    }

    private static File server() {
        try {
            File file = ExecutableProvider.newJarResourceProvider().get();
            file.setExecutable(true);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
