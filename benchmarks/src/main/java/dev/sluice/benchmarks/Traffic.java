package dev.sluice.benchmarks;

import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.http.ClientRequest;
import dev.sluice.engine.http.ForwardedHeaders;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RefusedHead;
import dev.sluice.engine.http.RequestRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The messages that are measured: those of a browser and of an application with a session. */
public final class Traffic {

    public static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 50000);

    public static final Peer CLIENT = Peer.plain(PEER);

    /** The request of a load generator. */
    public static final String SMALL_REQUEST = """
            GET /small HTTP/1.1
            Host: app.example.org

            """;

    /** Twelve fields, and six cookies of which two are the proxy's. */
    public static final String BROWSER_REQUEST = """
            GET /tree/notebooks?kernel=python3&token=1 HTTP/1.1
            Host: jupyterlab-abc.apps.example.org
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.5
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: https://jupyterlab-abc.apps.example.org/lab
            Connection: keep-alive
            Upgrade-Insecure-Requests: 1
            Sec-Fetch-Dest: document
            Sec-Fetch-Mode: navigate
            Sec-Fetch-Site: same-origin
            Priority: u=0, i
            Cookie: %s

            """.formatted(browserCookies());

    public static final String SMALL_REPLY = """
            HTTP/1.1 200 OK
            Server: upstream
            Date: Mon, 23 Nov 2026 15:00:00 GMT
            Content-Type: text/plain
            Content-Length: 13

            Hello, world!""";

    /** Four cookies, and the usual fields. */
    public static final String SESSION_REPLY = """
            HTTP/1.1 200 OK
            Server: upstream
            Date: Mon, 23 Nov 2026 15:00:00 GMT
            Content-Type: text/html; charset=UTF-8
            Cache-Control: no-cache
            Vary: Accept-Encoding, Cookie
            X-Content-Type-Options: nosniff
            Set-Cookie: _xsrf=2|a81b2c3d|e4f5a6b7c8d9e0f1|1763900000; Path=/
            Set-Cookie: username-8888="2|1:0|10:1763900000|44:NzYxYjM0"; Path=/; HttpOnly
            Set-Cookie: csrftoken=Kx2vN8mQ4rT6yU1wE3oP5aS7dF9gH0jL; Path=/; SameSite=Lax; Max-Age=31449600
            Set-Cookie: theme=dark; Domain=jupyterlab-abc.apps.example.org; Path=/; Secure
            Content-Length: 13

            Hello, world!""";

    /** The cookies that the proxy calls its own. */
    public static final List<String> OWN_COOKIES = List.of("__Host-session", "__Host-login");

    private Traffic() {}

    public static String browserCookies() {
        return "_xsrf=2|a81b2c3d|e4f5a6b7c8d9e0f1|1763900000; username-8888=\"2|1:0|10:1763900000|44:NzYxYjM0\"; "
                + "__Host-session=v1.qL7hT2sXbN4cV9mZ0aKjW8eR; csrftoken=Kx2vN8mQ4rT6yU1wE3oP5aS7dF9gH0jL; "
                + "__Host-login=3mN8bV7cX2z; theme=dark";
    }

    /** {@code message} as it stands on the wire. */
    public static byte[] bytes(String message) {
        return message.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The head of a request, as Netty decodes it. */
    public static HttpRequest request(String message) {
        return (HttpRequest) head(new EmbeddedChannel(new HttpRequestDecoder()), message);
    }

    /** The head of a response, as Netty decodes it. */
    public static HttpResponse response(String message) {
        return (HttpResponse) head(new EmbeddedChannel(new HttpResponseDecoder()), message);
    }

    /** A request as the proxy accepts it. */
    public static ClientRequest accepted(String message) {
        try {
            return rules().accept(request(message), CLIENT, 1);
        } catch (RefusedHead e) {
            throw new IllegalStateException(e);
        }
    }

    public static RequestRules rules() {
        return new RequestRules(ProxySettings.defaults().limits(), new ForwardedHeaders(List.of()));
    }

    private static HttpObject head(EmbeddedChannel decoder, String message) {
        ByteBuf bytes = Unpooled.wrappedBuffer(bytes(message));
        decoder.writeInbound(bytes);
        HttpObject head = decoder.readInbound();
        decoder.finishAndReleaseAll();
        return head;
    }
}
