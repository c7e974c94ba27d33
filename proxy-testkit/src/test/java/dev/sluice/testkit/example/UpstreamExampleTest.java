package dev.sluice.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class UpstreamExampleTest {

    @Test
    void upstreamThatDiesMidBody_leavesATruncatedResponse() {
        try (var upstream = ScriptedUpstream.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    connection.finishSending();
                });
                var client = RawClient.connect(proxyInFrontOf(upstream))) {
            client.send("GET /data HTTP/1.1\r\nHost: app.example.org\r\n\r\n");
            RawReply reply = client.readTruncatedReply();

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).isEqualTo("half");
            assertThat(upstream.awaitRequest(1).headers("Host")).containsExactly("app.example.org");
        }
    }

    /** Your proxy goes here; without one, the client talks to the upstream itself. */
    private static InetSocketAddress proxyInFrontOf(ScriptedUpstream upstream) {
        return upstream.address();
    }
}
