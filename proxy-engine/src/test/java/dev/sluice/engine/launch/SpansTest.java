package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.admin.ObservationRegistryProvider;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans by configuration: {@code tracing = true}, and a registry among the jars. */
class SpansTest {

    private static final Map<String, String> EXPORTERS =
            Map.of("otel.traces.exporter", "memory", "otel.metrics.exporter", "none", "otel.logs.exporter", "none");

    private static Deployment prepare(String upstream) {
        return Deployment.prepare(ProxyConfig.read(HoconConfig.parse("listen { port = 0 }\ntracing = true\n"
                + "authenticators = [ { plugin = anonymous } ]\n"
                + "resolvers = [ { plugin = static, routes = [ { upstream = \"" + upstream + "\" } ] } ]")));
    }

    @Test
    void spans_areExportedAtTheLatestWhenTheProxyHasEnded() {
        MemorySpans.EXPORTED.clear();
        EXPORTERS.forEach(System::setProperty);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo())) {
            try (Deployment deployment = prepare(upstream.url().toString())) {
                deployment.start();
                try (RawClient client = RawClient.connect(deployment.address())) {
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readReply();
                }
            }
        } finally {
            EXPORTERS.keySet().forEach(System::clearProperty);
        }
        assertThat(MemorySpans.EXPORTED).extracting(span -> span.getName()).containsExactly("GET", "GET static");
    }

    @Test
    void noRegistry_isRefused() {
        assertThatThrownBy(() -> with(new URLClassLoader(new URL[0], null), () -> prepare("http://127.0.0.1:9")))
                .hasMessage("tracing: true, and found [] (expected: one ObservationRegistryProvider among the jars), "
                        + "proxy.conf: 2");
    }

    @Test
    void severalRegistries_areRefused(@TempDir Path jar) throws IOException {
        URLClassLoader more = offering(jar, Other.class);
        assertThatThrownBy(() -> with(more, () -> prepare("http://127.0.0.1:9")))
                .hasMessageStartingWith("tracing: true, and found [" + OtelSpans.class.getName() + ", "
                        + Other.class.getName() + "] (expected: one");
    }

    @Test
    void registryThatCannotBeMade_isNamed() {
        System.setProperty("otel.traces.exporter", "nonsense");
        try {
            assertThatThrownBy(() -> prepare("http://127.0.0.1:9"))
                    .hasMessageStartingWith("tracing: " + OtelSpans.class.getName() + " failed to start: ");
        } finally {
            System.clearProperty("otel.traces.exporter");
        }
    }

    private static URLClassLoader offering(Path jar, Class<?> provider) throws IOException {
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(ObservationRegistryProvider.class.getName()), provider.getName());
        return new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
    }

    private static void with(URLClassLoader loader, Runnable task) throws IOException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try (loader) {
            task.run();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** One more, for which there is no room. */
    public static final class Other implements ObservationRegistryProvider {
        @Override
        public ObservationRegistry registry() {
            return ObservationRegistry.create();
        }
    }
}
