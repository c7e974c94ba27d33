package dev.sluice.redis;

import dev.sluice.api.spi.PluginConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where Redis is and how it is spoken to.
 *
 * @param uris one server, or one master by its Sentinels, or nodes of a cluster
 * @param timeout for connecting, and for one command
 * @param ca the certificates that are trusted in place of the JVM's
 */
record RedisSettings(List<RedisURI> uris, boolean cluster, Duration timeout, Optional<Path> ca) {

    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(5);
    private static final int THREADS = 2;

    static RedisSettings read(PluginConfig config) {
        List<RedisURI> uris = new ArrayList<>();
        for (String url : config.strings("url")) {
            uris.add(uri(config, url));
        }
        if (uris.isEmpty()) {
            throw config.wrong("url", "missing (expected: redis://, rediss:// or redis-sentinel://)");
        }
        boolean cluster = config.bool("cluster", uris.size() > 1);
        if (!cluster && uris.size() > 1) {
            throw config.wrong("cluster", "false with " + uris.size() + " URLs (expected: true, or one URL)");
        }
        if (cluster && uris.stream().anyMatch(uri -> !uri.getSentinels().isEmpty())) {
            throw config.wrong("url", "a Sentinel in a cluster (expected: redis:// or rediss://)");
        }
        Duration timeout = config.duration("timeout", Duration.ofSeconds(2));
        for (RedisURI uri : uris) {
            uri.setTimeout(timeout);
            uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(timeout)); // one that hangs has a minute else
        }
        Optional<Path> ca = config.optional("ca-file").map(Path::of);
        ca.filter(file -> !Files.isReadable(file)).ifPresent(file -> {
            throw config.wrong("ca-file", file + " (expected: a readable file of certificates in PEM)");
        });
        return new RedisSettings(List.copyOf(uris), cluster, timeout, ca);
    }

    /** The URL is not quoted, and neither is the cause: it may hold a password. */
    private static RedisURI uri(PluginConfig config, String url) {
        try {
            return RedisURI.create(url);
        } catch (RuntimeException e) {
            throw config.wrong(
                    "url",
                    "not a URL of Redis (expected: redis[s]://[user:password@]host[:port][/db]"
                            + " or redis[s]-sentinel://host[:port],host[:port]/db#master)");
        }
    }

    /** A client on {@code resources}, which the caller shuts down behind it. */
    RedisNodes nodes(ClientResources resources) {
        if (!cluster) {
            RedisClient client = RedisClient.create(resources);
            client.setOptions(common(ClientOptions.builder()).build());
            return new SingleNode(client, uris.get(0));
        }
        RedisClusterClient client = RedisClusterClient.create(resources, uris);
        var refresh = ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .build();
        var options = ClusterClientOptions.builder();
        common(options);
        client.setOptions(options.topologyRefreshOptions(refresh).build());
        return new ClusterNodes(client);
    }

    static ClientResources resources() {
        return ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
    }

    /** Nothing is queued for a server that is away, and no connection heals by itself: it would have missed changes. */
    private ClientOptions.Builder common(ClientOptions.Builder options) {
        options.protocolVersion(ProtocolVersion.RESP3)
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .tcpNoDelay(true)
                        .build());
        ca.ifPresent(file -> options.sslOptions(SslOptions.builder()
                .jdkSslProvider()
                .trustManager(file.toFile())
                .build()));
        return options;
    }
}
