package dev.sluice.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** A real redis-server that can be frozen, killed and started again on its port, with its data. */
final class RedisProcess implements AutoCloseable {

    private static final RedisClient CLIENT = client();
    private static final File SERVER = server();

    private int port;
    private final Path home;
    private final List<String> arguments;
    private Process process;
    private @Nullable StatefulRedisConnection<String, String> connection;

    private RedisProcess(int port, List<String> arguments) {
        this.port = port;
        this.home = directory();
        this.arguments = arguments;
        process = launch();
    }

    /** Stand-alone, keeping what is written. */
    static RedisProcess start(String... settings) {
        List<String> arguments = new ArrayList<>(
                List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "always"));
        arguments.addAll(List.of(settings));
        return new RedisProcess(freePort(), arguments);
    }

    /** A Sentinel that watches {@code master} as "routes". */
    static RedisProcess sentinel(RedisProcess master, int quorum) {
        return sentinel(master.port, quorum);
    }

    static RedisProcess sentinel(int master, int quorum, String... settings) {
        try {
            Path file = Files.writeString(directory().resolve("sentinel.conf"), """
                    bind 127.0.0.1
                    sentinel monitor routes 127.0.0.1 %d %d
                    sentinel down-after-milliseconds routes 500
                    sentinel failover-timeout routes 2000
                    """.formatted(master, quorum));
            List<String> arguments = new ArrayList<>(List.of(file.toString(), "--sentinel"));
            arguments.addAll(List.of(settings));
            return new RedisProcess(freePort(), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this Sentinel could lead a fail-over now. */
    boolean knowsOtherSentinelsAndReplicas() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("INFO sentinel\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            String info = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return info.contains("status=ok") && info.contains("slaves=1,sentinels=2");
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

    /** A plain client; its commands block. */
    RedisCommands<String, String> commands() {
        if (connection == null || !connection.isOpen()) {
            RedisURI uri = RedisURI.create(url());
            int password = arguments.indexOf("--requirepass") + 1;
            if (password > 0) {
                uri.setCredentialsProvider(new StaticCredentialsProvider(
                        null, arguments.get(password).toCharArray()));
            }
            connection = CLIENT.connect(uri);
        }
        return connection.sync();
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void restart() {
        process = launch();
    }

    /** Starts again having meanwhile, out of everybody's sight, deleted one key and written another. */
    void restartWithout(String deleted, String written, String field, String value) {
        int home = port;
        port = freePort();
        connection = null;
        process = launch();
        commands().del(deleted);
        commands().hset(written, field, value);
        kill();
        port = home;
        connection = null;
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
        if (connection != null) {
            connection.close();
        }
        kill();
    }

    /** One whose cluster port, 10,000 above it, is free as well. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (var one = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    var bus = new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
                return one.getLocalPort();
            } catch (IOException e) {
                continue;
            }
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
            await().atMost(Duration.ofSeconds(10))
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
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
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

    private static RedisClient client() {
        var client = RedisClient.create();
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

    private static Path directory() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "redis-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
