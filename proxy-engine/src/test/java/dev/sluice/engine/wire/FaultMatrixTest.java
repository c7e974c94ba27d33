package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.ProxySettings.Transport;
import dev.sluice.engine.wire.FaultCell.Fault;
import dev.sluice.engine.wire.FaultCell.Place;
import dev.sluice.engine.wire.FaultCell.Side;
import dev.sluice.testkit.leak.Buffers;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can go wrong on the wire, everywhere that it can: what the other side gets to see, what is reported, once,
 * and that nothing is left over. The cells are those of {@code faults.txt}.
 */
@ParameterizedClass
@MethodSource("transports")
class FaultMatrixTest {

    private static final String EPOLL_LIBRARY = "/META-INF/native/libnetty_transport_native_epoll_x86_64.so";

    @TempDir
    static Path directory;

    private static FaultTls tls;
    private static FaultProxies proxies;

    private final Transport transport;

    FaultMatrixTest(Transport transport) {
        this.transport = transport;
    }

    /** Those whose library is on the class path; where it is and does not work, the test fails. */
    static Stream<Transport> transports() {
        boolean epoll = FaultMatrixTest.class.getResource(EPOLL_LIBRARY) != null;
        return epoll ? Stream.of(Transport.NIO, Transport.EPOLL) : Stream.of(Transport.NIO);
    }

    /** The engine's own buffers that live for ever come to be when they are first needed. */
    @BeforeAll
    static void exchangeOnce() {
        tls = new FaultTls(directory);
        proxies = new FaultProxies(tls);
        try (var upstream = ScriptedUpstream.start(Scripts.digest());
                var proxy = TestProxy.to(upstream.upstream());
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(200);
        }
    }

    @AfterAll
    static void stop() {
        proxies.close();
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
        long buffers = Buffers.unreleased();
        CountDownLatch goOn = new CountDownLatch(1);
        try (var upstream = new FaultyUpstream(cell, tls, goOn)) {
            TestProxy proxy = proxies.of(transport, cell, upstream.url());
            assertThat(proxy.takeEnded())
                    .as("what is reported late of other cells")
                    .isEmpty();
            int refusals = proxy.refusals().size();
            String seen = new FaultyClient(cell, tls, upstream.scripted(), goOn).play(proxy.address());
            assertThat(seen).as("what the client sees").isEqualTo(cell.client());
            assertThat(report(proxy, cell, refusals)).as("what is reported").isEqualTo(cell.report());
            upstream.release();
            awaitNothingLeft(proxy, upstream, buffers);
            assertThat(upstream.seen()).as("what the upstream sees").isEqualTo(cell.upstream());
            assertThat(proxy.nothingElseEnded()).as("nothing is reported twice").isTrue();
        }
    }

    /** @param before refusals that are those of earlier cells */
    private static String report(TestProxy proxy, FaultCell cell, int before) {
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
        List<String> refusals = proxy.refusals();
        for (String refused : refusals.subList(before, refusals.size())) {
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
