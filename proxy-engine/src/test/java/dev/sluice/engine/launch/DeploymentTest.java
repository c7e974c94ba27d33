package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.RawRequest;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.WebSocketClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentTest {

    private static Deployment start(String authenticators, ScriptedUpstream upstream) {
        return start(authenticators, "{ upstream = \"" + upstream.url() + "\" }");
    }

    private static Deployment start(String authenticators, String routes) {
        Deployment deployment = Deployment.prepare(ProxyConfig.read(
                HoconConfig.parse("listen { port = 0 }\nadmin { port = 0, metrics = true }\nauthenticators = ["
                        + authenticators + "]\nresolvers = [ { plugin = static, routes = [ " + routes + " ] } ]")));
        deployment.start();
        return deployment;
    }

    private static int status(Deployment deployment, String target) {
        return status(deployment, "h", target);
    }

    private static int status(Deployment deployment, String host, String target) {
        try (RawClient client = RawClient.connect(deployment.address())) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .readReply()
                    .status();
        }
    }

    @Test
    void doorToOnePath_opensForNoOther() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo());
                Deployment deployment = start("{ plugin = anonymous, when { paths = [\"/public\"] } }", upstream)) {
            assertThat(status(deployment, "/public/a%2Fb?../..")).isEqualTo(200);
            assertThat(status(deployment, "/admin")).isEqualTo(403);
            assertThat(status(deployment, "/admin?x=/public/")).isEqualTo(403);
            assertThat(status(deployment, "/public/..%2fadmin")).isEqualTo(400);
            assertThat(status(deployment, "/%70ublic/a")).isEqualTo(400);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void guardOfOnePath_isAskedBeforeTheDoorBehindIt() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo());
                Deployment deployment = start(
                        "{ plugin = ip-allow, networks = [\"192.0.2.0/24\"], when { paths = [\"/admin\"] } }"
                                + ", { plugin = anonymous }",
                        upstream)) {
            assertThat(status(deployment, "/other%2Fadmin")).isEqualTo(200);
            assertThat(status(deployment, "/admin/users")).isEqualTo(403);
            assertThat(status(deployment, "/%61dmin/users")).isEqualTo(400);
            assertThat(status(deployment, "//admin/users")).isEqualTo(400);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    /** What Jupyter and others send; by host, by path, and between two paths of one tool. */
    @Test
    void encodedSlashes_reachAToolAsTheyWereSent() {
        String routes = """
                { host = tool.test, upstream = "%1$s" }
                { host = h, path = /jupyter, upstream = "%1$s" }
                { host = h, path = /lab, upstream = "%1$s", allow-encoded-slashes = true }
                { host = h, path = /lab/files/shared, upstream = "%1$s", allow-encoded-slashes = true }
                """;
        List<String> sent = List.of(
                "tool.test/api/contents/a%2Fb",
                "tool.test/files/dir%2ffile?download=%2F",
                "h/jupyter/api/contents/a%2Fb",
                "h/jupyter/files/dir%2ffile?download=%2F",
                "h/lab/api/contents/a%2Fb",
                "h/lab/files/shared%2ffile;v=1//x?download=%2F");
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo());
                Deployment deployment = start("{ plugin = anonymous }", routes.formatted(upstream.url()))) {
            for (String url : sent) {
                int path = url.indexOf('/');
                assertThat(status(deployment, url.substring(0, path), url.substring(path)))
                        .as(url)
                        .isEqualTo(200);
            }
            assertThat(upstream.requests())
                    .extracting(request -> request.header("Host") + request.target())
                    .containsExactlyElementsOf(sent);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ plugin = ip-allow, networks = [\"192.0.2.0/24\"], when { paths = [\"/admin\"] } }, { plugin = anonymous }",
                "{ plugin = anonymous, when { paths = [\"/admin\", \"/x\"] } }"
            })
    void routeThatAllowsEncodedSlashes_leadsAroundNoConditionOnPaths(String authenticators) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo());
                Deployment deployment = start(
                        authenticators,
                        "{ upstream = \"%1$s\", allow-encoded-slashes = true } { path = /admin, upstream = \"%1$s\","
                                        .formatted(upstream.url())
                                + " allow-encoded-slashes = true }")) {
            for (String target : List.of("/admin%2Fusers", "/%2Fadmin", "/x/..%2fadmin", "/x%2F..%2Fadmin/users")) {
                assertThat(status(deployment, target)).as(target).isEqualTo(400);
            }
            assertThat(upstream.requests()).isEmpty();
        }
    }

    private static RawReply admin(Deployment deployment, String path) {
        try (RawClient client = RawClient.connect(deployment.adminAddress().orElseThrow())) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readReply();
        }
    }

    @Test
    void adminPages_areOnAnotherPortThatOnlyThisHostReaches() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.echo());
                Deployment deployment = start("{ plugin = anonymous, when { hosts = [h] } }", upstream)) {
            assertThat(deployment.adminAddress())
                    .hasValueSatisfying(address ->
                            assertThat(address.getAddress().isLoopbackAddress()).isTrue());
            for (String path : List.of("/livez", "/readyz", "/tunnels", "/metrics")) {
                assertThat(status(deployment, path)).isEqualTo(200);
                assertThat(upstream.requests())
                        .last()
                        .extracting(RawRequest::target)
                        .isEqualTo(path);
            }
        }
    }

    @Test
    void withoutTheSection_thereIsNoAdminListener() {
        try (Deployment deployment =
                Deployment.prepare(ProxyConfig.read(HoconConfig.parse("listen { port = 0 }\n" + MainTest.CHAINS)))) {
            deployment.start();
            assertThat(deployment.adminAddress()).isEmpty();
        }
    }

    @Test
    void drain_isToldByReadyzWhileWorkIsFinished() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(connection -> {
                    connection.readRequest();
                    connection.stallUntil(release);
                    connection.send(Scripts.text("late"));
                });
                Deployment deployment = start("{ plugin = anonymous }", upstream);
                RawClient client = RawClient.connect(deployment.address())) {
            assertThat(admin(deployment, "/readyz").status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            upstream.awaitRequest(1);
            CompletableFuture<Void> drained = CompletableFuture.runAsync(deployment::drain);
            await().until(() -> admin(deployment, "/readyz").status() == 503);
            assertThat(admin(deployment, "/readyz").text()).isEqualTo("not ready\nthe proxy is shutting down\n");
            assertThat(admin(deployment, "/livez").status()).isEqualTo(200);
            release.countDown();
            assertThat(client.readReply().text()).isEqualTo("late");
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void tunnel_isListedWhileItLasts() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(Scripts.webSocketEcho());
                Deployment deployment = start("{ plugin = anonymous }", upstream)) {
            assertThat(admin(deployment, "/tunnels").text()).isEqualTo("{\"open\":0,\"tunnels\":[\n]}\n");
            try (WebSocketClient socket =
                    WebSocketClient.open(deployment.address(), "lab.example.org", "/api?token=hunter2")) {
                socket.sendText("12345").read();
                assertThat(admin(deployment, "/tunnels").text())
                        .startsWith("{\"open\":1,\"tunnels\":[\n{\"since\":\"20")
                        .contains(
                                "\"user\":\"anonymous\"",
                                "\"host\":\"lab.example.org\"",
                                "\"route\":\"static\"",
                                "\"upstream\":\"" + upstream.url() + "\"",
                                "\"bytes_from_client\":11,\"bytes_to_client\":7}")
                        .doesNotContain("hunter2");
                assertThat(admin(deployment, "/metrics").text()).contains("\nsluice_tunnels_open 1.0\n");
            }
            await().until(() -> admin(deployment, "/tunnels").text().startsWith("{\"open\":0"));
            assertThat(admin(deployment, "/metrics").text())
                    .contains("sluice_tunnels_open 0.0", "status=\"101\"", "plugin=\"resolver static\"")
                    .contains("sluice_configurations_former 0.0", "sluice_connections_open 0.0");
        }
    }

    @Test
    void accessLogThatNobodyListensTo_isRefused() {
        assertThatThrownBy(() -> Deployment.prepare(
                        ProxyConfig.read(HoconConfig.parse("access-log { format = json }\n" + MainTest.CHAINS))))
                .hasMessage("access-log: nobody listens to the logger dev.sluice.access (expected: an SLF4J provider "
                        + "such as logback-classic among the jars, and this logger at INFO), proxy.conf: 1");
    }
}
