package dev.sluice.redis;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.RouteResolver;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A whole proxy whose routes are in Redis, and which lets everybody pass. */
final class Replica implements AutoCloseable {

    private final ProxyRuntime runtime;
    private final RouteResolver resolver;
    private final ProxyServer server;

    private Replica(ProxyRuntime runtime, RouteResolver resolver, ProxyServer server) {
        this.runtime = runtime;
        this.resolver = resolver;
        this.server = server;
    }

    static Replica start(String redisUrl) {
        try {
            var settings = ProxySettings.defaults().withListen(new InetSocketAddress("127.0.0.1", 0));
            ProxyRuntime runtime = ProxyRuntime.start(settings);
            var config = HoconConfig.parse("url = \"" + redisUrl + "\"");
            RouteResolver resolver = new RedisRoutesProvider().create(runtime.contextFor(config));
            var passed = CompletableFuture.completedFuture(AuthDecision.proceed(Identity.ANONYMOUS, HeaderEdits.NONE));
            ProxyServer server = ProxyServer.builder(runtime)
                    .authenticator(request -> passed.thenApply(decision -> decision))
                    .resolver(resolver)
                    .start();
            return new Replica(runtime, resolver, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return server.address();
    }

    RawClient connect() {
        return RawClient.connect(address());
    }

    static RawReply get(RawClient client, String host) {
        client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        return client.readReply();
    }

    @Override
    public void close() {
        server.close();
        resolver.close();
        runtime.close();
    }
}
