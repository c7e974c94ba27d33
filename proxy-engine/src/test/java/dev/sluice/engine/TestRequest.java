package dev.sluice.engine;

import dev.sluice.api.Headers;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A request without headers. */
public record TestRequest(String method, String host, String target, InetAddress client) implements ProxyRequest {

    public static TestRequest get(String host, String target) {
        return new TestRequest("GET", host, target, InetAddress.getLoopbackAddress());
    }

    public TestRequest withMethod(String method) {
        return new TestRequest(method, host, target, client);
    }

    public TestRequest withClient(String address) {
        try {
            return new TestRequest(method, host, target, InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public String id() {
        return "test";
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public String authority() {
        return host;
    }

    @Override
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public Headers headers() {
        return new Headers() {
            @Override
            public @Nullable String get(String name) {
                return null;
            }

            @Override
            public List<String> all(String name) {
                return List.of();
            }

            @Override
            public void forEach(BiConsumer<? super String, ? super String> consumer) {}
        };
    }

    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress(client, 40000);
    }

    @Override
    public boolean webSocket() {
        return false;
    }

    @Override
    public Optional<Identity> identity() {
        return Optional.empty();
    }
}
