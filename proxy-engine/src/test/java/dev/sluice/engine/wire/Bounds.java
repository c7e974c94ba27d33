package dev.sluice.engine.wire;

import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.Limits;
import dev.sluice.engine.ProxySettings.PhaseTimeouts;
import dev.sluice.engine.ProxySettings.Pool;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Bounds that a test can wait for, the others as usual. */
final class Bounds {

    private Bounds() {}

    static UnaryOperator<ProxySettings> requestHead(long millis) {
        return time(t -> new PhaseTimeouts(
                ms(millis),
                t.pluginCall(),
                t.connect(),
                t.responseHead(),
                t.bodyIdle(),
                t.keepAliveIdle(),
                t.tunnelIdle(),
                t.tunnelPing(),
                t.drain()));
    }

    static UnaryOperator<ProxySettings> pluginCall(long millis) {
        return time(t -> new PhaseTimeouts(
                t.requestHead(),
                ms(millis),
                t.connect(),
                t.responseHead(),
                t.bodyIdle(),
                t.keepAliveIdle(),
                t.tunnelIdle(),
                t.tunnelPing(),
                t.drain()));
    }

    static UnaryOperator<ProxySettings> connect(long millis) {
        return time(t -> new PhaseTimeouts(
                t.requestHead(),
                t.pluginCall(),
                ms(millis),
                t.responseHead(),
                t.bodyIdle(),
                t.keepAliveIdle(),
                t.tunnelIdle(),
                t.tunnelPing(),
                t.drain()));
    }

    static UnaryOperator<ProxySettings> responseHead(long millis) {
        return time(t -> new PhaseTimeouts(
                t.requestHead(),
                t.pluginCall(),
                t.connect(),
                ms(millis),
                t.bodyIdle(),
                t.keepAliveIdle(),
                t.tunnelIdle(),
                t.tunnelPing(),
                t.drain()));
    }

    static UnaryOperator<ProxySettings> bodyIdle(long millis) {
        return time(t -> new PhaseTimeouts(
                t.requestHead(),
                t.pluginCall(),
                t.connect(),
                t.responseHead(),
                ms(millis),
                t.keepAliveIdle(),
                t.tunnelIdle(),
                t.tunnelPing(),
                t.drain()));
    }

    static UnaryOperator<ProxySettings> keepAliveIdle(long millis) {
        return time(t -> new PhaseTimeouts(
                t.requestHead(),
                t.pluginCall(),
                t.connect(),
                t.responseHead(),
                t.bodyIdle(),
                ms(millis),
                t.tunnelIdle(),
                t.tunnelPing(),
                t.drain()));
    }

    /** All that is waited for on the wire, but for the next request. */
    static UnaryOperator<ProxySettings> everyWait(long millis) {
        return time(t -> new PhaseTimeouts(
                ms(millis),
                t.pluginCall(),
                ms(millis),
                ms(millis),
                ms(millis),
                t.keepAliveIdle(),
                ms(millis),
                t.tunnelPing(),
                ms(millis)));
    }

    static UnaryOperator<ProxySettings> idleConnections(long millis) {
        return pool(p -> new Pool(p.idlePerUpstream(), ms(millis), p.age(), p.requests()));
    }

    static UnaryOperator<ProxySettings> pipelined(int most) {
        return settings -> {
            Limits l = settings.limits();
            return settings.withLimits(new Limits(l.requestLine(), l.headerBytes(), l.headerCount(), most));
        };
    }

    static UnaryOperator<ProxySettings> pool(UnaryOperator<Pool> change) {
        return settings -> settings.withPool(change.apply(settings.pool()));
    }

    private static UnaryOperator<ProxySettings> time(UnaryOperator<PhaseTimeouts> change) {
        return TestProxy.timeouts(change);
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }
}
