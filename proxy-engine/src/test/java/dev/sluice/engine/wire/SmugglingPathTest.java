package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant 2 where a configuration makes a path public: no spelling of another path gets through, whatever a server
 * behind the proxy would make of it (auth-proxies.md §3, 1 to 10).
 */
class SmugglingPathTest {

    private static final String CONFIG = """
            listen { host = "127.0.0.1", port = 0 }
            authenticators = [ { plugin = anonymous, when { paths = ["/public/"] } } ]
            resolvers = [ { plugin = static, routes = [ { host = "h", upstream = "http://127.0.0.1:%d" } ] } ]
            """;

    private static final List<String> PUBLIC =
            List.of("/public/", "/public/a%2Fb?x=/../admin", "/public/a?next=%2e%2e/");

    private static final List<String> PRIVATE = List.of(
            "/admin",
            "/admin?x=/public/",
            "/%70ublic/../admin",
            "/public/../admin",
            "/public/./../admin",
            "/public/..%2fadmin",
            "/public/%2e%2e/admin",
            "/public/%2E%2E%2Fadmin",
            "/public/%5c../admin",
            "/public/%252e%252e/admin",
            "/public/\\../admin",
            "/public/..;/admin",
            "/public;x=/../admin",
            "/admin;.css",
            "/....//admin",
            "/%2e%2e%2e%2e//admin",
            "/%41dmin",
            "/PUBLIC/../admin",
            "/public/a%00",
            "//public/",
            "http://h/public/../admin");

    @Test
    void publicPath_opensNoOther(@TempDir Path folder) throws Exception {
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = ChildProxy.start(folder, CONFIG.formatted(upstream.port()))) {
            for (String path : PUBLIC) {
                assertThat(status(proxy, path, "")).as(path).isEqualTo(200);
            }
            for (String path : PRIVATE) {
                assertThat(status(proxy, path, "")).as(path).isIn(400, 401, 403);
            }
            assertThat(status(proxy, "/admin", "X-Forwarded-Uri: /public/\r\nX-Original-URL: /public/\r\n"))
                    .isEqualTo(403);
            assertThat(status(proxy, "/admin", "User-Agent: GoogleHC/1.0\r\n")).isEqualTo(403);
            assertThat(upstream.requests()).hasSize(PUBLIC.size());
        }
    }

    private static int status(ChildProxy proxy, String target, String lines) {
        try (RawClient client = proxy.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n");
            return client.readReply().status();
        }
    }
}
