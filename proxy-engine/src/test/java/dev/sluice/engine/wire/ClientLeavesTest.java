package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client is gone: the upstream's connection closes promptly, and the listener is told whose doing it was. */
class ClientLeavesTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private final Outcomes outcomes = new Outcomes();

    enum Leaving {
        CLOSE {
            @Override
            void leave(RawClient client) {
                client.close();
            }
        },
        RESET {
            @Override
            void leave(RawClient client) {
                client.reset();
            }
        };

        abstract void leave(RawClient client);
    }

    @ParameterizedTest
    @EnumSource
    void whileAuthenticating_noUpstreamIsAsked(Leaving how) {
        var asked = new CompletableFuture<Void>();
        var answer = new CompletableFuture<AuthDecision>();
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(request -> {
                                    asked.complete(null);
                                    return answer;
                                })
                                .resolver(TestProxy.always(RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            client.send(GET);
            asked.join();
            how.leave(client);
            var ended = proxy.awaitEnded();
            assertThat(ended.failure()).isEqualTo(Kind.CLIENT_CLOSED);
            assertThat(ended.status()).isZero();
            answer.complete(AuthDecision.proceed(dev.sluice.api.Identity.ANONYMOUS));
            assertThat(upstream.connections()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileWaitingForTheResponse_closesTheUpstream(Leaving how) {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.awaitEnd();
                });
                var proxy = to(upstream);
                RawClient client = proxy.connect()) {
            client.send(GET);
            upstream.awaitRequest(1);
            how.leave(client);
            upstream.awaitNoOpenConnection();
            outcomes.awaitLast("outcome 0 CLIENT_CLOSED");
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileUploading_closesTheUpstreamWithoutEndingTheBody(Leaving how) {
        try (var upstream = ScriptedUpstream.start(c -> c.readRequest());
                var proxy = to(upstream);
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            upstream.awaitRequest(1);
            how.leave(client);
            upstream.awaitNoOpenConnection();
            assertThat(upstream.received()).doesNotContain("\r\n0\r\n");
            outcomes.awaitLast("outcome 0 CLIENT_CLOSED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileDownloading_closesTheUpstream(Leaving how) {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").awaitEnd();
                });
                var proxy = to(upstream);
                RawClient client = proxy.connect()) {
            client.send(GET).readUntil("half");
            how.leave(client);
            upstream.awaitNoOpenConnection();
            outcomes.awaitLast("outcome 200 CLIENT_CLOSED");
            assertThat(outcomes.heard()).containsExactly("response 200", "outcome 200 CLIENT_CLOSED");
            var ended = proxy.awaitEnded();
            assertThat(ended.failure()).isEqualTo(Kind.CLIENT_CLOSED);
            assertThat(ended.status()).isEqualTo(200);
            assertThat(ended.committed()).isTrue();
        }
    }

    /** The response ends by the end of the connection, which is to be a reset then, and is gone already. */
    @ParameterizedTest
    @EnumSource
    void whileDownloadingAsHttp10_leavesNothingBehind(Leaving how) {
        try (var upstream = ScriptedUpstream.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
                            .awaitEnd();
                });
                var proxy = to(upstream);
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n").readUntil("half");
            how.leave(client);
            upstream.awaitNoOpenConnection();
            assertThat(proxy.awaitEnded().failure()).isEqualTo(Kind.CLIENT_CLOSED);
            await().until(() -> proxy.server().openConnections() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileNotReadingALargeDownload_closesTheUpstream(Leaving how) {
        try (var upstream = ScriptedUpstream.start(Scripts.pattern(256L << 20));
                var proxy = to(upstream);
                RawClient client = proxy.connect()) {
            client.send(GET).readReplyHead();
            how.leave(client);
            upstream.awaitNoOpenConnection();
            outcomes.awaitLast("outcome 200 CLIENT_CLOSED");
        }
    }

    private TestProxy to(ScriptedUpstream upstream) {
        var forward = RouteDecision.forward(upstream.upstream()).withListener(outcomes);
        return TestProxy.with(
                s -> s, builder -> builder.authenticator(TestProxy.ANYBODY).resolver(TestProxy.always(forward)));
    }
}
