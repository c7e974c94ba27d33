package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.Transport;
import dev.sluice.engine.netty.Transports;
import dev.sluice.engine.wire.FaultCell.Fault;
import dev.sluice.engine.wire.FaultCell.Place;
import dev.sluice.engine.wire.FaultCell.Side;
import dev.sluice.testkit.leak.Buffers;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can go wrong on the wire, everywhere that it can: what the other side gets to see, what is reported, once,
 * and that nothing is left over. The cells are those of {@code faults.txt}.
 */
@ParameterizedClass
@EnumSource(
        value = Transport.class,
        names = {"NIO", "EPOLL"})
class FaultMatrixTest {

    private static final int SHORT = 250;

    private final Transport transport;

    FaultMatrixTest(Transport transport) {
        this.transport = transport;
    }

    /** The engine's own buffers that live for ever come to be when they are first needed. */
    @BeforeAll
    static void exchangeOnce() {
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(200);
        }
    }

    static List<FaultCell> sensible() {
        return FaultCell.table().stream().filter(FaultCell::makesSense).toList();
    }

    @Test
    void everyCell_isInTheTableOnce() {
        Stream<String> all = Stream.of(Side.values())
                .flatMap(side -> Stream.of(Place.values())
                        .flatMap(place -> Stream.of(Fault.values())
                                .flatMap(fault -> Stream.of(FaultCell.Layer.values())
                                        .map(layer ->
                                                new FaultCell(side, place, fault, layer, "", "", "", "").name()))));
        assertThat(FaultCell.table().stream().map(FaultCell::name)).containsExactlyInAnyOrderElementsOf(all.toList());
    }

    @ParameterizedTest
    @MethodSource("sensible")
    void fault_endsTheExchangeOnceAndLeavesNothing(FaultCell cell) throws Exception {
        requireTransport();
        long buffers = Buffers.unreleased();
        CountDownLatch goOn = new CountDownLatch(1);
        try (var upstream = new FaultyUpstream(cell, goOn);
                var proxy = TestProxy.with(
                        settings(cell),
                        builder -> builder.authenticator(TestProxy.ANYBODY)
                                .resolver(TestProxy.always(RouteDecision.forward(Upstream.of(upstream.url())))))) {
            try (RawClient client = proxy.connect()) {
                String seen = new FaultyClient(cell, client, upstream.scripted(), goOn).play();
                assertThat(seen).as("what the client sees").isEqualTo(cell.client());
            }
            String report = report(proxy, cell);
            assertThat(report).as("what is reported").isEqualTo(cell.report());
            upstream.release();
            awaitNothingLeft(proxy, upstream, buffers);
            assertThat(upstream.seen()).as("what the upstream sees").isEqualTo(cell.upstream());
            assertThat(proxy.nothingElseEnded()).as("nothing is reported twice").isTrue();
        }
    }

    private void requireTransport() {
        try {
            Transports.of(transport);
        } catch (IllegalArgumentException e) {
            Assumptions.abort(String.valueOf(e.getMessage()));
        }
    }

    /** Short where it is a time-out that the cell waits for; there alone, for a busy machine is no fault. */
    private UnaryOperator<ProxySettings> settings(FaultCell cell) {
        boolean waits = Set.of(Fault.STALL, Fault.CONNECT_TIMEOUT).contains(cell.fault());
        return settings -> {
            ProxySettings chosen = Bounds.idleConnections(20).apply(settings).withTransport(transport);
            return waits ? Bounds.everyWait(SHORT).apply(chosen) : chosen;
        };
    }

    private static String report(TestProxy proxy, FaultCell cell) {
        boolean exchange =
                !cell.report().startsWith("refused") && !cell.report().equals("nothing");
        StringBuilder report = new StringBuilder();
        if (exchange) {
            TestProxy.Ended ended = proxy.awaitEnded();
            report.append(ended.status());
            if (ended.failure() != null) {
                report.append(ended.committed() ? " cut by " : " for ").append(ended.failure());
                if (cell.place() != Place.TUNNEL || cell.fault() != Fault.STALL) { // nobody can tell whose turn it was
                    assertThat(ended.failure().culprit())
                            .hasToString(cell.side().name());
                }
            }
        }
        for (String refused : proxy.refusals()) {
            report.append(exchange ? ", " : "").append("refused ").append(refused, 0, 3);
        }
        return report.isEmpty() ? "nothing" : report.toString();
    }

    private static void awaitNothingLeft(TestProxy proxy, FaultyUpstream upstream, long buffers) {
        upstream.scripted().awaitNoOpenConnection();
        awaitTrue("no client's connection", () -> proxy.server().openConnections() == 0);
        awaitTrue("no buffer", () -> Buffers.unreleased() == buffers);
        awaitTrue("no task on the loops", () -> proxy.pendingTasks() == 0);
    }

    private static void awaitTrue(String what, Callable<Boolean> condition) {
        await(what).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(condition);
    }
}
