package dev.sluice.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScriptedUpstreamTest {

    private static final String GET = "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = Scripts.text("ok");

    @Test
    void respondWith_answersEveryRequestOfAConnection_andRecordsThem() {
        try (var upstream = ScriptedUpstream.respondWith(OK);
                var client = RawClient.connect(upstream.port())) {
            String post = "POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nT: u\r\n\r\n";
            client.send(GET + post);

            assertThat(client.readReply().text()).isEqualTo("ok");
            assertThat(client.readReply().text()).isEqualTo("ok");
            assertThat(upstream.connections()).hasSize(1);
            assertThat(upstream.requests())
                    .extracting(RawRequest::requestLine)
                    .containsExactly("GET /a?b HTTP/1.1", "POST /p HTTP/1.1");
            assertThat(upstream.awaitRequest(2).text()).isEqualTo("hi");
            assertThat(upstream.awaitRequest(2).trailers()).containsExactly("T: u");
            assertThat(upstream.received()).isEqualTo(GET + post);
            assertThat(upstream.bytesReceived()).isEqualTo((GET + post).length());
        }
    }

    @Test
    void respondWith_closesWhenTheRequestSaysSo() {
        try (var upstream = ScriptedUpstream.respondWith(OK);
                var client = RawClient.connect(upstream.port())) {
            client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").readReply();
            client.expectClosed();
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void aScriptThatFails_failsTheTestOnClose() {
        var upstream =
                ScriptedUpstream.start(c -> assertThat(c.readRequest().method()).isEqualTo("PUT"));
        try (var client = RawClient.connect(upstream.port())) {
            client.send(GET).expectClosed();
        }
        assertThatThrownBy(upstream::close)
                .isInstanceOf(AssertionError.class)
                .hasMessage("a script failed")
                .cause()
                .hasMessageContaining("PUT");
    }

    @Test
    void aRequestThatDoesNotEnd_failsTheTestOnClose() {
        var upstream = ScriptedUpstream.start(
                c -> c.withTimeout(java.time.Duration.ofMillis(100)).readRequest());
        try (var client = RawClient.connect(upstream.port())) {
            client.send("GET / HT").expectClosed();
        }
        assertThatThrownBy(upstream::close).cause().hasMessageContainingAll("sent no more", "GET / HT");
    }

    @Test
    void aClientThatLeaves_isNoFailure() {
        try (var upstream = ScriptedUpstream.respondWith(OK)) {
            RawClient.connect(upstream.port()).send("GET / HT").reset();
            upstream.awaitConnection(1);
            upstream.awaitNoOpenConnection();
        }
    }

    @Test
    void digestAndPattern_agreeOnLargeBodies() {
        long size = 5_000_000;
        try (var upstream = ScriptedUpstream.startInTurn(Scripts.digest(), Scripts.pattern(size));
                var up = RawClient.connect(upstream.port());
                var down = RawClient.connect(upstream.port())) {
            up.send("POST / HTTP/1.1\r\nContent-Length: " + size + "\r\n\r\n").sendPattern(size);
            BodyDigest digest = Pattern.digest(size);
            assertThat(up.readReply().text()).isEqualTo(size + " " + digest.sha256());

            RawReply head = down.send(GET).readReplyHead();
            assertThat(down.readBodyDigest(head)).isEqualTo(digest).isEqualTo(BodyDigest.of(Pattern.bytes((int) size)));
        }
    }

    @Test
    void resetGarbageAndStall_doWhatTheySay() {
        var release = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.startInTurn(
                Scripts.resetAfterRequest(), Scripts.garbage("SSH-2.0-x\r\n"), Scripts.stallUntil(release))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(RawClient.connect(upstream.port()).send(GET));
                upstream.awaitRequest(i + 1);
            }
            clients.get(0).expectReset();
            assertThat(clients.get(1).readToEnd()).asString().isEqualTo("SSH-2.0-x\r\n");
            assertThat(upstream.openConnections()).isEqualTo(1);
            release.countDown();
            clients.get(2).expectClosed();
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void refusedPort_refuses() {
        try (var port = Ports.refused()) {
            assertThatThrownBy(() -> RawClient.connect(port.address())).hasCauseInstanceOf(ConnectException.class);
        }
    }
}
