package dev.sluice.engine.wire;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.Transport;
import dev.sluice.engine.wire.FaultCell.Fault;
import dev.sluice.engine.wire.FaultCell.Place;
import dev.sluice.engine.wire.FaultCell.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The proxies that the cells of the fault matrix play against, one for each way to set them; to start one takes its time. */
final class FaultProxies implements AutoCloseable {

    private static final int SHORT = 250;

    /** What a cell waits for; it is short there alone, for a busy machine is no fault. */
    private enum Wait {
        NONE(settings -> settings),
        TO_CONNECT(Bounds.connecting(SHORT)),
        ON_A_CONNECTION(Bounds.everyWait(SHORT));

        final UnaryOperator<ProxySettings> bounds;

        Wait(UnaryOperator<ProxySettings> bounds) {
            this.bounds = bounds;
        }

        static Wait of(FaultCell cell) {
            boolean stall = cell.fault() == Fault.STALL;
            boolean connects = cell.fault() == Fault.CONNECT_TIMEOUT || (stall && cell.place() == Place.HANDSHAKE);
            return connects ? TO_CONNECT : stall ? ON_A_CONNECTION : NONE;
        }
    }

    private final FaultTls tls;
    private final Map<List<?>, TestProxy> started = new HashMap<>();
    private volatile String upstream = "";

    FaultProxies(FaultTls tls) {
        this.tls = tls;
    }

    /** A proxy as {@code cell} needs it, which from now on forwards to {@code url}. */
    TestProxy of(Transport transport, FaultCell cell, String url) {
        upstream = url;
        boolean secured = cell.secured(Side.CLIENT);
        Wait wait = Wait.of(cell);
        return started.computeIfAbsent(List.of(transport, secured, wait), key -> start(transport, secured, wait));
    }

    private TestProxy start(Transport transport, boolean secured, Wait wait) {
        return TestProxy.with(
                settings -> {
                    ProxySettings base = tls.trusting().apply(settings.withTransport(transport));
                    ProxySettings listening = secured ? tls.listening().apply(base) : base;
                    return Bounds.both(Bounds.idleConnections(20), wait.bounds).apply(listening);
                },
                builder -> builder.authenticator(TestProxy.ANYBODY)
                        .resolver(request ->
                                CompletableFuture.completedFuture(RouteDecision.forward(Upstream.of(upstream)))));
    }

    @Override
    public void close() {
        started.values().forEach(TestProxy::close);
    }
}
