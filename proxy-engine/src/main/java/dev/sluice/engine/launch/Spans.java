package dev.sluice.engine.launch;

import dev.sluice.engine.Tracing;
import dev.sluice.engine.admin.ObservationRegistryProvider;
import dev.sluice.engine.admin.ObservationTracing;
import dev.sluice.engine.config.ProxyConfig;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The spans of a deployment, by the registry that its jars offer. */
final class Spans implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spans.class);

    private final ObservationRegistryProvider provider;
    private final Tracing tracing;

    private Spans(ObservationRegistryProvider provider) {
        this.provider = provider;
        this.tracing = new ObservationTracing(provider.registry());
    }

    static Spans start(ProxyConfig config) {
        ServiceLoader.Provider<ObservationRegistryProvider> only = only(config);
        try {
            return new Spans(only.get());
        } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
            throw config.wrong("tracing", only.type().getName() + " failed to start: " + e);
        }
    }

    /** Which of several comes first is chance. */
    private static ServiceLoader.Provider<ObservationRegistryProvider> only(ProxyConfig config) {
        List<ServiceLoader.Provider<ObservationRegistryProvider>> found;
        try {
            found = ServiceLoader.load(ObservationRegistryProvider.class).stream()
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw config.wrong(
                    "tracing", "true, and a registry cannot be loaded: " + (e.getCause() == null ? e : e.getCause()));
        }
        if (found.size() != 1) {
            List<String> names =
                    found.stream().map(one -> one.type().getName()).sorted().toList();
            throw config.wrong(
                    "tracing",
                    "true, and found " + names + " (expected: one ObservationRegistryProvider among the jars)");
        }
        return found.get(0);
    }

    Tracing tracing() {
        return tracing;
    }

    @Override
    public void close() {
        try {
            provider.close();
        } catch (RuntimeException e) {
            LOG.warn("{} failed to close", provider.getClass().getName(), e);
        }
    }
}
