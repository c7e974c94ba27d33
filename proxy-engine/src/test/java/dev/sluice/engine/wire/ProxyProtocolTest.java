package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.Network;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that begin with a PROXY header, as those of a balancer do. */
class ProxyProtocolTest {

    private static final String V1 = "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n";
    private static final String V2 = new String(
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2111000fc0000201c6336407dc0401bb" + "040000"),
            StandardCharsets.ISO_8859_1);
    private static final String V2_LOCAL =
            new String(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"), StandardCharsets.ISO_8859_1);
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final ScriptedUpstream upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));

    @AfterEach
    void close() {
        upstream.close();
    }

    private static UnaryOperator<ProxySettings> from(String network) {
        return s -> s.withListen(s.listen().withProxyProtocol(List.of(Network.of(network))));
    }

    private TestProxy proxy() {
        return TestProxy.to(upstream.upstream(), from("127.0.0.0/8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {V1, "v2"})
    void header_namesTheClientOfEveryRequest(String header) {
        try (var proxy = proxy();
                RawClient client = proxy.connect()) {
            client.send((header.equals("v2") ? V2 : header) + GET).readReply();
            client.send(GET).readReply();
            assertThat(upstream.awaitRequest(2).headers("X-Forwarded-For")).containsExactly("192.0.2.1");
            assertThat(upstream.requests().get(0).headers("X-Forwarded-For")).containsExactly("192.0.2.1");
            assertThat(proxy.awaitEnded().request().peer()).hasToString("/192.0.2.1:56324");
        }
    }

    @Test
    void headerByteByByte_isTheSame() {
        try (var proxy = proxy();
                RawClient client = proxy.connect()) {
            client.trickle(V2 + "G", 1, Duration.ZERO).send(GET.substring(1)).readReply();
            assertThat(upstream.awaitRequest(1).headers("X-Forwarded-For")).containsExactly("192.0.2.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "local"})
    void balancersOwnConnection_isByItsOwnAddress(String header) {
        try (var proxy = proxy();
                RawClient client = proxy.connect()) {
            client.send((header.equals("local") ? V2_LOCAL : header) + GET).readReply();
            assertThat(proxy.awaitEnded().request().peer()).isEqualTo(client.localAddress());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "PROXY nonsense\r\n" + GET, "\r\n\r\n\0\r\nQUIT\r\n", "\u0016\u0003\u0001\u0002\0"})
    void anythingElse_isCutWithoutAWord(String begun) {
        try (var proxy = proxy();
                RawClient client = proxy.connect()) {
            client.send(begun).expectEnded();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void headerThatDoesNotEnd_isCutInTime() {
        try (var proxy = TestProxy.to(
                        upstream.upstream(),
                        settings -> Bounds.requestHead(150)
                                .apply(from("127.0.0.0/8").apply(settings)));
                RawClient begun = proxy.connect();
                RawClient silent = proxy.connect()) {
            begun.send("PROXY TCP4").expectClosed();
            silent.expectClosed();
        }
    }

    /** Behind the header a client may take its time: it is the idle time that counts then. */
    @Test
    void nothingBehindTheHeader_isIdleAndNotALateHead() {
        try (var proxy = TestProxy.to(
                        upstream.upstream(),
                        settings -> Bounds.requestHead(100)
                                .apply(from("127.0.0.0/8").apply(settings)));
                RawClient client = proxy.connect()) {
            client.send(V1).expectSilence(Duration.ofMillis(250));
            assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
        }
    }

    /** A header from elsewhere would let anybody choose an address: it is no HTTP either. */
    @Test
    void headerOfSomebodyElse_isRefusedAndPlainHttpServed() {
        try (var proxy = TestProxy.to(upstream.upstream(), from("192.0.2.0/24"));
                RawClient liar = proxy.connect();
                RawClient direct = proxy.connect()) {
            assertThat(liar.send(V1 + GET).readReply().status()).isEqualTo(400);
            assertThat(direct.send(GET).readReply().text()).isEqualTo("ok");
            assertThat(proxy.awaitEnded().request().peer()).isEqualTo(direct.localAddress());
        }
    }

    @Test
    void drain_doesNotWaitForAHeader() {
        try (var proxy = proxy();
                RawClient client = proxy.connect()) {
            client.send("PROXY");
            await().until(() -> proxy.server().openConnections() == 1);
            proxy.server().drain().toCompletableFuture().join();
            client.expectClosed();
        }
    }
}
