package dev.sluice.sso;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real Redis server of the test's own. */
final class TestRedis implements AutoCloseable {

    private final int port;
    private RedisServer server;
    private final RedisClient client;

    TestRedis() throws IOException {
        port = freePort();
        server = start();
        client = RedisClient.create(uri());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private RedisServer start() throws IOException {
        RedisServer started = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .build();
        started.start();
        return started;
    }

    RedisURI uri() {
        return RedisURI.create(url());
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** An administrator's hand. */
    <T> T run(java.util.function.Function<RedisCommands<String, String>, T> commands) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return commands.apply(connection.sync());
        }
    }

    void stop() throws IOException {
        server.stop();
    }

    void restart() throws IOException {
        server = start();
    }

    @Override
    public void close() throws IOException {
        client.shutdown();
        server.stop();
    }
}
