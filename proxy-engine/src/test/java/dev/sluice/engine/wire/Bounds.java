package dev.sluice.engine.wire;

import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.Pool;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Bounds that a test can wait for or reach, the others as usual. */
final class Bounds {

    private Bounds() {}

    static UnaryOperator<ProxySettings> tlsHandshake(long millis) {
        return time("tlsHandshake", millis);
    }

    static UnaryOperator<ProxySettings> requestHead(long millis) {
        return time("requestHead", millis);
    }

    static UnaryOperator<ProxySettings> pluginCall(long millis) {
        return time("pluginCall", millis);
    }

    static UnaryOperator<ProxySettings> connect(long millis) {
        return time("connect", millis);
    }

    static UnaryOperator<ProxySettings> responseHead(long millis) {
        return time("responseHead", millis);
    }

    static UnaryOperator<ProxySettings> bodyIdle(long millis) {
        return time("bodyIdle", millis);
    }

    static UnaryOperator<ProxySettings> keepAliveIdle(long millis) {
        return time("keepAliveIdle", millis);
    }

    /** Until a connection stands, on either side; with TLS, until that does. */
    static UnaryOperator<ProxySettings> connecting(long millis) {
        Duration wait = Duration.ofMillis(millis);
        return times(Map.of("connect", wait, "tlsHandshake", wait));
    }

    /** All that is waited for on a connection that stands, but for the next request. */
    static UnaryOperator<ProxySettings> everyWait(long millis) {
        Duration wait = Duration.ofMillis(millis);
        return times(Map.of(
                "requestHead", wait,
                "responseHead", wait,
                "bodyIdle", wait,
                "tunnelIdle", wait,
                "drain", wait));
    }

    static UnaryOperator<ProxySettings> idleConnections(long millis) {
        return pool(p -> new Pool(p.idlePerUpstream(), Duration.ofMillis(millis), p.age(), p.requests()));
    }

    static UnaryOperator<ProxySettings> pipelined(int most) {
        return limit("pipelined", most);
    }

    static UnaryOperator<ProxySettings> pool(UnaryOperator<Pool> change) {
        return settings -> settings.withPool(change.apply(settings.pool()));
    }

    /** One of {@link ProxySettings#timeouts}, by its name there. */
    static UnaryOperator<ProxySettings> time(String name, long millis) {
        return times(Map.of(name, Duration.ofMillis(millis)));
    }

    /** Some of {@link ProxySettings#timeouts}, by their names there. */
    static UnaryOperator<ProxySettings> times(Map<String, Duration> named) {
        return settings -> settings.withTimeouts(replaced(settings.timeouts(), named));
    }

    /** One of {@link ProxySettings#limits}, by its name there. */
    static UnaryOperator<ProxySettings> limit(String name, int most) {
        return settings -> settings.withLimits(replaced(settings.limits(), Map.of(name, most)));
    }

    static UnaryOperator<ProxySettings> both(UnaryOperator<ProxySettings> one, UnaryOperator<ProxySettings> other) {
        return settings -> other.apply(one.apply(settings));
    }

    /** By name, so that a bound more does not change every test that sets another. */
    @SuppressWarnings("unchecked")
    private static <R extends Record> R replaced(R record, Map<String, ?> named) {
        Map<String, Object> left = new HashMap<>(named);
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                Object present = components[i].getAccessor().invoke(record);
                Object given = left.remove(components[i].getName());
                values[i] = given == null ? present : given;
            }
            if (!left.isEmpty()) {
                throw new AssertionError("no such bound: " + left.keySet());
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
