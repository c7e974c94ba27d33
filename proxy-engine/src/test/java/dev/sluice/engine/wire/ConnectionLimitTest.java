package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.Network;
import dev.sluice.engine.ProxySettings;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How many connections clients may have, and how long one of them lasts. */
class ConnectionLimitTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final ScriptedUpstream upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));

    @Test
    void tooManyConnectionsInAll_waitUntilOneIsClosed() {
        try (upstream;
                var proxy = TestProxy.to(upstream.upstream(), Bounds.limit("connections", 2));
                RawClient first = proxy.connect();
                RawClient second = proxy.connect()) {
            assertServed(first);
            assertServed(second);
            try (RawClient third = proxy.connect()) {
                third.send(GET).expectSilence(Duration.ofMillis(200));
                assertServed(first);
                first.close();
                assertThat(third.readReply().text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void tooManyConnectionsOfOneAddress_return429AndClose() {
        try (upstream;
                var proxy = TestProxy.to(upstream.upstream(), Bounds.limit("connectionsPerAddress", 1));
                RawClient first = proxy.connect()) {
            assertServed(first);
            try (RawClient second = proxy.connect()) {
                RawReply reply = second.readReply();
                assertThat(reply.status()).isEqualTo(429);
                assertThat(reply.header("Retry-After")).isEqualTo("1");
                assertThat(reply.header("Connection")).isEqualTo("close");
                second.send(GET).expectClosed();
            }
            assertThat(proxy.refused).containsExactly("429 too many connections of one address");
            assertServed(first);
        }
    }

    @Test
    void farTooManyConnectionsOfOneAddress_areCut() {
        try (upstream;
                var proxy = TestProxy.to(upstream.upstream(), Bounds.limit("connectionsPerAddress", 1));
                RawClient served = proxy.connect()) {
            assertServed(served);
            try (RawClient one = proxy.connect();
                    RawClient two = proxy.connect()) {
                assertThat(one.readReply().status()).isEqualTo(429);
                assertThat(two.readReply().status()).isEqualTo(429);
                assertThatThrownBy(() -> {
                            try (Socket three = new Socket(
                                    proxy.address().getAddress(),
                                    proxy.address().getPort())) {
                                three.getInputStream().read();
                            }
                        })
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("reset");
            }
        }
    }

    @Test
    void connectionThatIsClosed_makesRoom() {
        try (upstream;
                var proxy = TestProxy.to(upstream.upstream(), Bounds.limit("connectionsPerAddress", 1))) {
            try (RawClient first = proxy.connect()) {
                assertServed(first);
            }
            await().until(() -> proxy.server().openConnections() == 0);
            try (RawClient second = proxy.connect()) {
                assertServed(second);
            }
        }
    }

    @Test
    void trustedProxy_speaksForMany() {
        UnaryOperator<ProxySettings> trusting =
                settings -> settings.withTrustedProxies(List.of(Network.of("127.0.0.1")));
        try (upstream;
                var proxy = TestProxy.to(
                        upstream.upstream(), Bounds.both(trusting, Bounds.limit("connectionsPerAddress", 1)));
                RawClient first = proxy.connect();
                RawClient second = proxy.connect()) {
            assertServed(first);
            assertServed(second);
        }
    }

    @Test
    void addressesThatABalancerNames_areCountedEach() {
        UnaryOperator<ProxySettings> balanced =
                settings -> settings.withListen(settings.listen().withProxyProtocol(List.of(Network.of("127.0.0.1"))));
        try (upstream;
                var proxy = TestProxy.to(
                        upstream.upstream(), Bounds.both(balanced, Bounds.limit("connectionsPerAddress", 1)));
                RawClient first = proxy.connect();
                RawClient second = proxy.connect();
                RawClient firstAgain = proxy.connect()) {
            first.send("PROXY TCP4 192.0.2.1 192.0.2.9 4000 80\r\n");
            assertServed(first);
            second.send("PROXY TCP4 192.0.2.2 192.0.2.9 4000 80\r\n");
            assertServed(second);
            firstAgain.send("PROXY TCP4 192.0.2.1 192.0.2.9 4001 80\r\n");
            assertThat(firstAgain.readReply().status()).isEqualTo(429);
        }
    }

    @Test
    void lastRequestOfAConnection_closesIt() {
        try (upstream;
                var proxy = TestProxy.to(upstream.upstream(), Bounds.limit("requestsPerConnection", 2));
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).readReply().header("Connection")).isNull();
            assertThat(client.send(GET).readReply().header("Connection")).isEqualTo("close");
            client.expectClosed();
        }
    }

    private static void assertServed(RawClient client) {
        assertThat(client.send(GET).readReply().text()).isEqualTo("ok");
    }
}
