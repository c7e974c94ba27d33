package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Identity;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a scrape shows while exchanges are held, at each place where they can be. */
class GaugesTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private static Deployment start(String authenticator, ScriptedUpstream upstream) {
        return start(config(authenticator, "{ plugin = life, upstream = \"" + upstream.url() + "\" }"));
    }

    private static Deployment start(ProxyConfig config) {
        Deployment deployment = Deployment.prepare(config);
        deployment.start();
        return deployment;
    }

    private static ProxyConfig config(String authenticator, String resolver) {
        return ProxyConfig.read(HoconConfig.parse("listen { port = 0 }\nadmin { port = 0, metrics = true }\n"
                + "limits { exchanges-per-upstream = 1 }\ntimeouts { queue = 1m }\n"
                + "authenticators = [ { plugin = " + authenticator + " } ]\nresolvers = [ " + resolver + " ]"));
    }

    /** Waits until one scrape shows all of {@code gauges}. */
    private static void awaitGauges(Deployment deployment, String... gauges) {
        await().untilAsserted(() -> assertThat(scrape(deployment).lines().filter(line -> line.startsWith("sluice_")))
                .contains(gauges));
    }

    private static String scrape(Deployment deployment) {
        try (RawClient client = RawClient.connect(deployment.adminAddress().orElseThrow())) {
            return client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readReply()
                    .text();
        }
    }

    @Test
    void pluginThatDoesNotAnswer_isAnOpenCall() {
        CompletableFuture<AuthDecision> answer = HeldProvider.hold();
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo());
                Deployment deployment = start("held", upstream);
                RawClient client = RawClient.connect(deployment.address())) {
            client.send(REQUEST);
            awaitGauges(
                    deployment,
                    "sluice_plugin_calls_open 1.0",
                    "sluice_connections_open 1.0",
                    "sluice_upstream_connections_open 0.0");
            answer.complete(AuthDecision.proceed(Identity.ANONYMOUS));
            client.readReply();
            awaitGauges(deployment, "sluice_plugin_calls_open 0.0");
        }
    }

    @Test
    void busyUpstream_hasOneConnectionInUseAndTheOthersWaiting() {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(connection -> {
                    connection.readRequest();
                    connection.stallUntil(release);
                    connection.send(Scripts.text("done"));
                    connection.readRequest();
                });
                Deployment deployment = start("anonymous", upstream);
                RawClient first = RawClient.connect(deployment.address());
                RawClient second = RawClient.connect(deployment.address())) {
            first.send(REQUEST);
            upstream.awaitRequest(1);
            second.send(REQUEST);
            awaitGauges(
                    deployment,
                    "sluice_connections_open 2.0",
                    "sluice_upstream_waiting 1.0",
                    "sluice_upstream_connections_open 1.0",
                    "sluice_upstream_connections_idle 0.0");
            second.cut();
            awaitGauges(deployment, "sluice_connections_open 1.0");
            release.countDown();
            first.readReply();
            awaitGauges(
                    deployment,
                    "sluice_upstream_waiting 0.0",
                    "sluice_upstream_connections_open 1.0",
                    "sluice_upstream_connections_idle 1.0");
        }
    }

    @Test
    void upstreamThatClosesAnIdleConnection_isCountedNoMore() {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(connection -> {
                    connection.readRequest();
                    connection.send(Scripts.text("done"));
                    connection.stallUntil(release);
                });
                Deployment deployment = start("anonymous", upstream);
                RawClient client = RawClient.connect(deployment.address())) {
            client.send(REQUEST).readReply();
            awaitGauges(deployment, "sluice_upstream_connections_open 1.0", "sluice_upstream_connections_idle 1.0");
            release.countDown();
            awaitGauges(deployment, "sluice_upstream_connections_open 0.0", "sluice_upstream_connections_idle 0.0");
        }
    }

    @Test
    void probedUpstream_isShownUpOrDownForAsLongAsItIsProbed() {
        try (ScriptedUpstream well = ScriptedUpstream.respondWith(Scripts.text("ok"));
                ScriptedUpstream ill = ScriptedUpstream.respondWith("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
                Deployment deployment = start(probing(well, ill, ", probe { path = /healthz, every = 5ms }"))) {
            awaitGauges(
                    deployment,
                    "sluice_upstream_up{upstream=\"" + well.url() + "\"} 1.0",
                    "sluice_upstream_up{upstream=\"" + ill.url() + "\"} 0.0");
            deployment.reload(probing(well, ill, ""));
            await().untilAsserted(() -> assertThat(scrape(deployment)).doesNotContain("sluice_upstream_up{"));
        }
    }

    private static ProxyConfig probing(ScriptedUpstream one, ScriptedUpstream other, String probe) {
        return config(
                "anonymous",
                "{ plugin = static, routes = [ { upstreams = [\"" + one.url() + "\", \"" + other.url() + "\"]" + probe
                        + " } ] }");
    }
}
