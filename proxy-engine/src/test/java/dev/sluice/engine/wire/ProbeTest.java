package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.api.Probe;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.engine.UpstreamTls;
import dev.sluice.engine.tls.TestAuthority;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawRequest;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamConnection;
import dev.sluice.testkit.wire.UpstreamScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Upstreams that are asked whether they are well: what the answers change, and when the asking ends. */
class ProbeTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final Duration OFTEN = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path directory;

    /** Answers probes with a status that the test may change, 0 for silence, and all else with a name. */
    private static final class Application implements UpstreamScript {
        private final String name;
        private volatile int health;

        Application(String name, int health) {
            this.name = name;
            this.health = health;
        }

        @Override
        public void run(UpstreamConnection connection) throws Exception {
            while (true) {
                RawRequest request = connection.readRequest();
                if (!request.target().startsWith("/healthz")) {
                    connection.send(Scripts.text(name));
                } else if (health != 0) {
                    connection.send("HTTP/1.1 " + health + " So\r\nContent-Length: 0\r\n\r\n");
                }
            }
        }
    }

    /** Prefers the upstreams in their order, and has them probed. */
    private record Preferring(RouteDecision decision, Set<Probe> probes) implements RouteResolver {
        static Preferring inOrder(Stream<Upstream> upstreams, Probe... probes) {
            List<Forward> candidates = upstreams.map(RouteDecision::forward).toList();
            return new Preferring(RouteDecision.oneOf(candidates), Set.of(probes));
        }

        @Override
        public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
            return CompletableFuture.completedFuture(decision);
        }
    }

    private static Probe probe(ScriptedUpstream upstream) {
        return Probe.of(upstream.upstream(), "/healthz").withEvery(OFTEN).withTimeout(Duration.ofSeconds(10));
    }

    private static TestProxy proxy(RouteResolver resolver) {
        return TestProxy.with(s -> s, b -> b.authenticator(TestProxy.ANYBODY).resolver(resolver));
    }

    private static TestProxy preferring(Probe probe, ScriptedUpstream other) {
        return proxy(Preferring.inOrder(Stream.of(probe.upstream(), other.upstream()), probe));
    }

    private static String ask(RawClient client) {
        return client.send(GET).readReply().text();
    }

    // ---- what answers change

    @Test
    void upstreamThatAnswers500_isLeftOutAndComesBack() {
        Application application = new Application("first", 200);
        var log = new ListAppender<ILoggingEvent>();
        Logger engine = (Logger) LoggerFactory.getLogger("dev.sluice.engine.netty.RepeatedProbe");
        log.start();
        engine.addAppender(log);
        engine.setLevel(Level.INFO);
        engine.setAdditive(false);
        try (var first = ScriptedUpstream.start(application);
                var second = ScriptedUpstream.respondWith(Scripts.text("second"));
                var proxy = preferring(probe(first), second);
                RawClient client = proxy.connect()) {
            first.awaitRequest(3);
            assertThat(ask(client)).isEqualTo("first");
            application.health = 500;
            await().until(() -> ask(client).equals("second"));
            first.awaitRequest(first.requests().size() + 3);
            assertThat(ask(client)).isEqualTo("second");
            application.health = 302;
            await().until(() -> ask(client).equals("first"));
            String name = "Upstream " + first.url();
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(
                            name + " is down by its probe GET " + first.url() + "/healthz: status 500",
                            name + " is up again by its probe GET " + first.url() + "/healthz");
        } finally {
            engine.setLevel(null);
            engine.setAdditive(true);
            engine.detachAppender(log);
        }
    }

    @Test
    void upstreamThatAcceptsAndStalls_isLeftOutAndItsConnectionsAreClosed() {
        Application application = new Application("first", 0);
        try (var first = ScriptedUpstream.start(application);
                var second = ScriptedUpstream.respondWith(Scripts.text("second"));
                var proxy = preferring(probe(first).withTimeout(Duration.ofMillis(20)), second);
                RawClient client = proxy.connect()) {
            await().until(() -> ask(client).equals("second"));
            await().until(() -> first.connections().size() > first.openConnections() + 2);
        }
    }

    @Test
    void upstreamThatRefuses_isDown() {
        try (var first = ScriptedUpstream.respondWith(Scripts.text("first"));
                var second = ScriptedUpstream.respondWith(Scripts.text("second"));
                var proxy = preferring(probe(first), second)) {
            first.stopAccepting();
            await().until(() -> proxy.probedUpstreams().containsValue(false));
        }
    }

    @Test
    void expectedStatus_isTheOnlyGoodOne() {
        try (var first = ScriptedUpstream.start(new Application("first", 200));
                var second = ScriptedUpstream.start(new Application("second", 401));
                var proxy = proxy(Preferring.inOrder(
                        Stream.of(first.upstream(), second.upstream()),
                        probe(first).withExpect(401),
                        probe(second).withExpect(401)));
                RawClient client = proxy.connect()) {
            await().until(() -> ask(client).equals("second"));
            second.awaitRequest(5);
            assertThat(ask(client)).isEqualTo("second");
        }
    }

    @Test
    void allThatAreDown_areTriedAllTheSame() {
        try (var first = ScriptedUpstream.start(new Application("first", 503));
                var second = ScriptedUpstream.start(new Application("second", 503));
                var proxy = proxy(Preferring.inOrder(
                        Stream.of(first.upstream(), second.upstream()), probe(first), probe(second)));
                RawClient client = proxy.connect()) {
            await().until(() -> !proxy.probedUpstreams().containsValue(true));
            assertThat(ask(client)).isEqualTo("first");
        }
    }

    // ---- how it is asked

    @Test
    void probe_isAGetThatNamesItself() {
        try (var upstream = ScriptedUpstream.start(new Application("first", 200));
                var proxy = preferring(
                        Probe.of(upstream.upstream(), "/healthz?deep=1")
                                .withEvery(OFTEN)
                                .withHost("app.example.org"),
                        upstream)) {
            assertThat(upstream.awaitRequest(1).headText())
                    .isEqualTo("GET /healthz?deep=1 HTTP/1.1\r\nHost: app.example.org\r\nUser-Agent: sluice-probe\r\n"
                            + "Connection: close\r\n\r\n");
            assertThat(proxy.probedUpstreams()).containsEntry(upstream.upstream(), true);
        }
    }

    /** Every event loop has an idle connection, so that the probe's has one too. */
    @Test
    void probe_usesNoConnectionOfRequestsNorLeavesThemIts() {
        try (var upstream = ScriptedUpstream.start(new Application("first", 200));
                var proxy = preferring(probe(upstream), upstream)) {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                try (RawClient client = proxy.connect()) {
                    upstream.awaitRequest(upstream.requests().size() + 1);
                    ask(client);
                }
            }
            upstream.awaitRequest(upstream.requests().size() + 2);
            assertThat(upstream.connections())
                    .filteredOn(connection -> connection.received().contains("/healthz"))
                    .hasSizeGreaterThan(2)
                    .allSatisfy(connection ->
                            assertThat(connection.received().split("\r\n\r\n")).hasSize(1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tlsUpstream_isAskedIfItsCertificateVerifies(boolean trusted) {
        TestAuthority authority = TestAuthority.create();
        Path trust = authority.writeTrust(directory.resolve("ca.pem"));
        TestAuthority issuer = trusted ? authority : TestAuthority.create();
        try (var upstream = ScriptedUpstream.startTls(
                        issuer.tls(issuer.issue("localhost")), new Application("first", 200));
                var proxy = TestProxy.with(
                        s -> s.withUpstreamTls(new UpstreamTls(Optional.of(trust), Optional.empty())),
                        b -> b.authenticator(TestProxy.ANYBODY)
                                .resolver(Preferring.inOrder(Stream.of(upstream.upstream()), probe(upstream))))) {
            if (trusted) {
                upstream.awaitRequest(4);
                assertThat(proxy.probedUpstreams()).containsEntry(upstream.upstream(), true);
            } else {
                await().until(() -> proxy.probedUpstreams().containsValue(false));
                assertThat(upstream.requests()).isEmpty();
            }
        }
    }

    // ---- when it ends

    @Test
    void reload_endsTheProbesThatAreNotWantedAndKeepsWhatIsKnownOfTheOthers() {
        try (var gone = ScriptedUpstream.start(new Application("gone", 0));
                var kept = ScriptedUpstream.start(new Application("kept", 500));
                var proxy = proxy(Preferring.inOrder(
                        Stream.of(kept.upstream(), gone.upstream()),
                        probe(kept),
                        probe(gone).withTimeout(LONG),
                        probe(gone).withEvery(LONG)))) {
            gone.awaitRequest(1);
            await().until(() -> proxy.probedUpstreams().containsValue(false));
            reconfigure(
                    proxy,
                    Preferring.inOrder(Stream.of(kept.upstream()), probe(kept).withTimeout(LONG)));
            gone.awaitNoOpenConnection();
            await().until(() -> proxy.probedUpstreams().equals(Map.of(kept.upstream(), false)));
            reconfigure(proxy, Preferring.inOrder(Stream.of(kept.upstream())));
            await().until(() -> proxy.pendingTasks() == 0);
            assertThat(proxy.probedUpstreams()).isEmpty();
        }
    }

    private static void reconfigure(TestProxy proxy, RouteResolver resolver) {
        proxy.reconfigure(b -> b.authenticator(TestProxy.ANYBODY).resolver(resolver));
    }

    @Test
    void drain_leavesNoConnection() throws Exception {
        try (var upstream = ScriptedUpstream.start(new Application("first", 0));
                var proxy = proxy(Preferring.inOrder(
                        Stream.of(upstream.upstream()), probe(upstream).withTimeout(LONG)))) {
            upstream.awaitRequest(1);
            proxy.server().drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
            upstream.awaitNoOpenConnection();
            await().until(() -> proxy.pendingTasks() == 0);
        }
    }
}
