package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Heads that never end: 1,000 at once by default, more with {@code -Dsluice.slowloris=5000} (and 11,000 open files). */
class SlowlorisTest {

    private static final int CONNECTIONS = Integer.getInteger("sluice.slowloris", 1000);

    @Test
    void headsThatNeverEnd_leaveTheProxyServingOthersAndAreClosed() throws Exception {
        List<SocketChannel> slow = new ArrayList<>();
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.to(
                        upstream.upstream(),
                        Bounds.both(
                                Bounds.limit("connectionsPerAddress", CONNECTIONS + 10),
                                Bounds.times(Map.of("requestHead", Duration.ofSeconds(4)))))) {
            for (int i = 0; i < CONNECTIONS; i++) {
                slow.add(send(SocketChannel.open(proxy.address()), "GET / HTTP/1.1\r\nX: "));
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> proxy.server().openConnections() == CONNECTIONS);
            try (RawClient client = proxy.connect()) {
                for (int i = 0; i < 10; i++) {
                    trickle(slow);
                    assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                                    .readReply()
                                    .text())
                            .isEqualTo("ok");
                }
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                trickle(slow); // that does not help them: the time is for the whole head
                return proxy.refusals().size() == CONNECTIONS;
            });
            assertThat(proxy.refusals()).allMatch(refusal -> refusal.startsWith("408 "));
            for (SocketChannel one : slow) {
                one.close();
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> proxy.server().openConnections() == 0);
        }
    }

    private static void trickle(List<SocketChannel> slow) {
        for (SocketChannel one : slow) {
            try {
                send(one, "x");
            } catch (IOException closed) {
                // as it should be, in the end
            }
        }
    }

    private static SocketChannel send(SocketChannel to, String text) throws IOException {
        to.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        return to;
    }
}
