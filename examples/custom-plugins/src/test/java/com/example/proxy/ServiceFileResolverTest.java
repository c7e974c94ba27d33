package com.example.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceFileResolverTest {

    @TempDir
    private Path directory;

    private Path file;
    private FakePluginContext context;

    @BeforeEach
    void writeFile() throws IOException {
        file = directory.resolve("services.yaml");
        Files.writeString(file, service("one", "/one") + "---\n" + service("two", "/two"));
        context = new FakePluginContext(HoconConfig.parse("file = \"" + file + "\", check-every = 2s"));
    }

    @Test
    void changedFile_isInForceAfterTheNextCheck() throws IOException {
        try (RouteResolver resolver = open()) {
            Files.writeString(file, service("three", "/one"));
            assertThat(upstream(resolver, "/one")).startsWith("http://one.");

            context.manualTimer().advance(Duration.ofSeconds(2));

            assertThat(upstream(resolver, "/one")).startsWith("http://three.");
            assertThat(decide(resolver, "/two")).isEqualTo(RouteDecision.notFound());
        }
    }

    @Test
    void unusableFile_leavesTheLastGoodOneInForce() throws IOException {
        try (RouteResolver resolver = open()) {
            for (String bad : new String[] {"kind: Service", "]", "\0"}) {
                Files.writeString(file, bad);
                context.manualTimer().advance(Duration.ofSeconds(2));
                assertThat(upstream(resolver, "/one")).as(bad).startsWith("http://one.");
            }
            Files.delete(file);
            context.manualTimer().advance(Duration.ofSeconds(2));
            assertThat(upstream(resolver, "/one")).startsWith("http://one.");

            Files.writeString(file, service("mended", "/one"));
            context.manualTimer().advance(Duration.ofSeconds(2));
            assertThat(upstream(resolver, "/one")).startsWith("http://mended.");
        }
    }

    @Test
    void closedResolver_readsNoMore() {
        open().close();

        assertThat(context.manualTimer().pending()).isZero();
    }

    @Test
    void pathThatServersReadDifferently_isRefused() {
        try (RouteResolver resolver = open()) {
            for (String path : new String[] {"/%6fne", "/one/../two", "/one/..%2ftwo", "//one"}) {
                assertThat(decide(resolver, path))
                        .as(path)
                        .isInstanceOfSatisfying(
                                RouteDecision.Respond.class,
                                answer -> assertThat(answer.response().status()).isEqualTo(400));
            }
            assertThat(upstream(resolver, "/one/a%20b")).startsWith("http://one.");
        }
    }

    @Test
    void fileThatIsNotGoodToBeginWith_stopsTheStart() throws IOException {
        Files.writeString(file, "kind: Service");
        assertThatThrownBy(this::open)
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining("metadata: name: missing (expected: a text)");
        Files.delete(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining("NoSuchFileException (expected: a text to read)");
    }

    private RouteResolver open() {
        return new ServiceFileProvider().create(context);
    }

    private static String service(String name, String path) {
        return """
                kind: Service
                metadata:
                  name: %s
                  annotations: { proxy.example.com/host: tools.example.org, proxy.example.com/path: %s }
                spec: { ports: [ { port: 80 } ] }
                """.formatted(name, path);
    }

    private static RouteDecision decide(RouteResolver resolver, String path) {
        return resolver.resolve(FakeRequest.get("http://tools.example.org" + path))
                .toCompletableFuture()
                .join();
    }

    private static String upstream(RouteResolver resolver, String path) {
        return ((RouteDecision.Forward) decide(resolver, path)).upstream().toString();
    }
}
