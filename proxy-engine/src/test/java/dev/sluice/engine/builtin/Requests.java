package dev.sluice.engine.builtin;

import dev.sluice.api.ProxyRequest;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.http.ForwardedHeaders;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RefusedHead;
import dev.sluice.engine.http.RequestRules;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.List;

/** Requests as the engine accepts them. */
final class Requests {

    private Requests() {}

    static ProxyRequest to(String host) {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        head.headers().set("Host", host);
        try {
            return new RequestRules(ProxySettings.defaults().limits(), new ForwardedHeaders(List.of()))
                    .accept(head, Peer.plain(new InetSocketAddress("192.0.2.7", 40000)), 1);
        } catch (RefusedHead e) {
            throw new AssertionError(e);
        }
    }
}
