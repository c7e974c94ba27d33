package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.HttpCalls.Call;
import dev.sluice.api.spi.HttpCalls.Reply;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamScript;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins' calls to other services. */
class HttpCallsTest {

    /** Every loop has a pool of its own, and calls go to the loops in turn. */
    private final ProxyRuntime runtime = ProxyRuntime.start(ProxySettings.defaults());

    private final HttpCalls http = runtime.contextFor(HoconConfig.parse("")).http();

    @AfterEach
    void stop() {
        runtime.close();
    }

    @Test
    void get_hasHostAndNothingInvented() throws Exception {
        try (var upstream = ScriptedUpstream.respondWith(
                "HTTP/1.1 404 Not Found\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 5\r\n\r\nhello")) {
            Reply reply =
                    send(Call.get(URI.create(upstream.url() + "/p%20q?r=%26")).withHeader("X-B", "3"));
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.text()).isEqualTo("hello");
            assertThat(reply.header("x-a")).isEqualTo("1");
            assertThat(reply.headers()).hasSize(3);
            var seen = upstream.awaitRequest(1);
            assertThat(seen.requestLine()).isEqualTo("GET /p%20q?r=%26 HTTP/1.1");
            assertThat(seen.headerLines()).containsExactly("Host: 127.0.0.1:" + upstream.port(), "X-B: 3");
        }
    }

    @Test
    void hostHeader_replacesTheUrls() throws Exception {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"))) {
            send(Call.get(URI.create(upstream.url())).withHeader("Host", "idp.example.org"));
            var seen = upstream.awaitRequest(1);
            assertThat(seen.headers("Host")).containsExactly("idp.example.org");
            assertThat(seen.target()).isEqualTo("/");
        }
    }

    @Test
    void post_sendsItsBody() throws Exception {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"))) {
            byte[] body = Pattern.bytes(100_000);
            send(Call.of("POST", URI.create(upstream.url())).withBody("application/octet-stream", body));
            var seen = upstream.awaitRequest(1);
            assertThat(seen.body()).isEqualTo(body);
            assertThat(seen.headers("Content-Length")).containsExactly("100000");
            send(Call.of("POST", URI.create(upstream.url())));
            assertThat(upstream.awaitRequest(2).headers("Content-Length")).containsExactly("0");
        }
    }

    @Test
    void chunkedAndUntilClose_areGathered() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        String untilClose = "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabcde";
        try (var upstream = ScriptedUpstream.startInTurn(
                Scripts.cutAfter(chunked.length(), chunked), Scripts.cutAfter(untilClose.length(), untilClose))) {
            assertThat(send(Call.get(URI.create(upstream.url()))).text()).isEqualTo("abcde");
            upstream.awaitNoOpenConnection();
            assertThat(send(Call.get(URI.create(upstream.url()))).text()).isEqualTo("abcde");
        }
    }

    @Test
    void connections_areUsedAgain() throws Exception {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"))) {
            int loops = Runtime.getRuntime().availableProcessors();
            for (int i = 0; i < 5 * loops; i++) {
                send(Call.get(URI.create(upstream.url())));
            }
            assertThat(upstream.connections()).hasSizeLessThanOrEqualTo(loops);
        }
    }

    @Test
    void staleConnection_isTriedAgainForAGetAndNotForAPost() throws Exception {
        UpstreamScript once = c -> {
            c.readRequest();
            c.send(Scripts.text("first"));
            c.readHead();
            c.reset();
        };
        int loops = Runtime.getRuntime().availableProcessors();
        for (String method : new String[] {"GET", "POST"}) {
            UpstreamScript[] scripts = new UpstreamScript[loops + 1];
            Arrays.fill(scripts, once);
            scripts[loops] = Scripts.respondWith(Scripts.text("second"));
            try (var upstream = ScriptedUpstream.startInTurn(scripts)) {
                for (int i = 0; i < loops; i++) { // a connection of each loop
                    assertThat(send(Call.get(URI.create(upstream.url()))).text())
                            .isEqualTo("first");
                }
                CompletableFuture<Reply> again =
                        http.send(Call.of(method, URI.create(upstream.url()))).toCompletableFuture();
                if (method.equals("GET")) {
                    assertThat(again.get().text()).isEqualTo("second");
                } else {
                    assertThatFails(again::get).hasMessageStartingWith("POST http://127.0.0.1");
                }
            }
        }
    }

    @Test
    void replyTooLarge_fails() throws Exception {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("x".repeat(1001)))) {
            Call call = Call.get(URI.create(upstream.url() + "/?secret"));
            assertThatFails(() -> send(call.withMaxReplyBytes(1000)))
                    .hasMessageContaining("larger than 1000 bytes")
                    .hasMessageNotContaining("secret");
            upstream.awaitNoOpenConnection();
            assertThat(send(call.withMaxReplyBytes(1001)).body()).hasSize(1001);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"})
    void replyTooSlow_failsAndClosesTheConnection(String begun) {
        try (var upstream = ScriptedUpstream.start(c -> {
            c.readRequest();
            c.send(begun).awaitEnd();
        })) {
            assertThatFails(() -> send(Call.get(URI.create(upstream.url())).withTimeout(Duration.ofMillis(150))))
                    .hasMessageContaining("no whole reply in PT0.15S");
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void nobodyThere_fails() {
        try (var refused = Ports.refused()) {
            assertThatFails(() -> send(Call.get(URI.create(refused.url()))));
        }
        assertThatFails(() -> send(Call.get(URI.create("http://no-such-host.invalid"))));
        assertThatFails(() -> send(Call.get(URI.create("ftp://h/"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
                "nonsense\r\n\r\n"
            })
    void replyCutShortOrMalformed_fails(String reply) {
        try (var upstream = ScriptedUpstream.start(Scripts.cutAfter(reply.length(), reply))) {
            assertThatFails(() -> send(Call.get(URI.create(upstream.url()))));
        }
    }

    /** A plugin may pass on what a client sent. */
    @Test
    void headerInjection_isRefused() {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"))) {
            Call call = Call.get(URI.create(upstream.url()));
            assertThatFails(() -> send(call.withHeader("X", "a\r\nX-Evil: b"))).hasMessageNotContaining("Evil");
            assertThatFails(() -> send(call.withHeader("X", "a\nb")));
            assertThatFails(() -> send(call.withHeader("X", "\u0131")));
            assertThatFails(() -> send(call.withHeader("X: y\r\nZ", "a")));
            assertThatFails(() -> send(call.withHeader("Content-Length", "3")));
            assertThatFails(() -> send(call.withHeader("Transfer-Encoding", "chunked")));
            assertThatFails(() -> send(Call.of("GET / HTTP/1.1\r\nX: y\r\n\r\nGET", call.uri())));
            assertThat(upstream.requests()).isEmpty();
        }
    }

    private Reply send(Call call) throws Exception {
        return http.send(call).toCompletableFuture().get();
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertThatFails(
            ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class);
    }
}
