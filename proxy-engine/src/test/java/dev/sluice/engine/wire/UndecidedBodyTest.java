package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Identity;
import dev.sluice.api.RouteDecision;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 1, its second half: nothing is read from the client's body before authentication and routing have answered. */
class UndecidedBodyTest {

    private static final int SIZE = 48 << 20;
    private static final int PIECE = 1 << 20;

    /** What the kernel's buffers hold between two sockets of one host. */
    private static final long BUFFERS = 24 << 20;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bodyWaits_untilThePluginsHaveAnswered(boolean authenticating) {
        var pending = new CompletableFuture<Void>();
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(request -> (authenticating
                                                ? pending
                                                : CompletableFuture.<Void>completedFuture(null))
                                        .thenApply(nothing -> AuthDecision.proceed(Identity.ANONYMOUS)))
                                .resolver(request -> (authenticating
                                                ? CompletableFuture.<Void>completedFuture(null)
                                                : pending)
                                        .thenApply(nothing -> RouteDecision.forward(upstream.upstream()))));
                RawClient client = proxy.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + SIZE + "\r\n\r\n");
            var sent = new AtomicLong();
            byte[] body = Pattern.bytes(SIZE);
            var upload = CompletableFuture.runAsync(() -> {
                for (int at = 0; at < SIZE; at += PIECE) {
                    client.send(Arrays.copyOfRange(body, at, at + PIECE));
                    sent.addAndGet(PIECE);
                }
            });
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(BUFFERS);
            assertThat(upstream.connections()).isEmpty();
            pending.complete(null);
            upload.join();
            assertThat(client.readReply().text())
                    .isEqualTo(SIZE + " " + Pattern.digest(SIZE).sha256());
        }
    }

    /** Waits until a quarter of a second has passed without another piece going out. */
    private static void awaitStandstill(AtomicLong sent) {
        var last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(250)).until(() -> last.getAndSet(sent.get()) == sent.get());
    }
}
