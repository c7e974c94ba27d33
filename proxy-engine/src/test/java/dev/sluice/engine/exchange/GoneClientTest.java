package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.engine.exchange.FakeUpstream.State;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Invariant 5, where a write finds the client gone, and the failure comes in before the call that wrote has returned. */
class GoneClientTest {

    private final Rig rig = new Rig();
    private final FakeClient client = rig.client;

    @Test
    void closingFailsWhatWasStillToBeWritten_endsOnce() {
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        rig.clientIsGone();
        exchange.fail(Kind.UPSTREAM_IDLE, null);
        assertThat(client.asked).containsExactly("send", "relay 200", "abort", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.UPSTREAM_IDLE);
        assertThat(rig.heard).containsExactly("response 200", "outcome 200 UPSTREAM_IDLE");
    }

    @Test
    void errorResponseFindsNobody_endsOnceWithTheFirstFailure() {
        rig.pool(upstream -> CompletableFuture.failedFuture(new ConnectException("refused")));
        rig.clientIsGone();
        rig.start();
        assertThat(client.asked).containsExactly("respond 502", "abort", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.CONNECT_FAILED);
    }

    @Test
    void acceptedHandshakeFindsNobody_opensNoTunnel() {
        ProxyExchange exchange = rig.startWebSocket();
        rig.clientIsGone();
        exchange.onReply(Rig.reply(101));
        assertThat(client.asked).containsExactly("send", "tunnel", "abort", "finished");
        assertThat(exchange.isCommitted()).isFalse();
        assertThat(rig.connections.get(0).state).isEqualTo(State.DISCARDED);
        exchange.onEnd();
        assertThat(client.finishedTimes()).isEqualTo(1);
    }

    @Test
    void endOfTheResponseFindsNobody_endsOnce() {
        ProxyExchange exchange = rig.start();
        exchange.onReply(Rig.reply(200));
        rig.clientFoundGone();
        exchange.onEnd();
        assertThat(client.asked).containsExactly("send", "relay 200", "abort", "finished");
        assertThat(client.failureKind()).isEqualTo(Kind.CLIENT_CLOSED);
    }
}
