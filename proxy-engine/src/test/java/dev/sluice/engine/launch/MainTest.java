package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    static final String CHAINS = """
            authenticators = [ { plugin = anonymous } ]
            resolvers = [ { plugin = static, routes = [ { upstream = "http://127.0.0.1:9000" } ] } ]
            """;

    @TempDir
    Path dir;

    private record Result(int code, String out, String err) {}

    private static Result run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = Main.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String file(String text) throws IOException {
        return Files.writeString(dir.resolve("proxy.conf"), text).toString();
    }

    @Test
    void help_isPrinted() {
        assertThat(run("--help")).isEqualTo(new Result(0, Main.USAGE, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "'' | --config: missing (expected: --config FILE)",
                "--check | --config: missing (expected: --config FILE)",
                "--config | --config: nothing behind it (expected: one file)",
                "--config a --config b | --config: twice (expected: one file)",
                "--config a --plugins | --config: not with this flag",
                "--plugins --check | more than one of --check, --plugins and --help (expected: one)",
                "--verbose | --verbose: unknown (expected: --config, --check, --plugins or --help)",
            })
    void wrongUsage_isRefusedWithTheUsage(String args, String message) {
        Result result = run(args.isEmpty() ? new String[0] : args.split(" "));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith(message + "\n\nusage: ");
    }

    @Test
    void plugins_areListedWithSpiNameClassAndLocation() {
        Result result = run("--plugins");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .anyMatch(line ->
                        line.matches("authenticator +ip-allow +dev\\.sluice\\.engine\\.builtin\\.IpAllowProvider +/.*"))
                .anyMatch(
                        line -> line.matches("resolver +static +dev\\.sluice\\.engine\\.builtin\\.StaticProvider +/.*"))
                .anyMatch(line -> line.matches(
                        "cookie-merger +default +dev\\.sluice\\.engine\\.builtin\\.DefaultCookieMergerProvider +/.*"));
    }

    @Test
    void check_printsTheChainsAndDoesNotListen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Result result = run("--check", "--config", file("listen { port = " + taken.getLocalPort() + """
                             }
                            authenticators = [
                              { plugin = ip-allow, networks = ["10.0.0.0/8"], when { hosts = ["*.example.org"], paths = ["/admin"] } }
                              { plugin = anonymous }
                            ]
                            resolvers = [ { plugin = static, routes = [ { upstream = "http://127.0.0.1:9000" } ] } ]
                            """));
            assertThat(result).isEqualTo(new Result(0, "listen: 127.0.0.1:" + taken.getLocalPort() + """

                                            authenticators:
                                              (ambiguous paths are refused, for the sake of the conditions on paths)
                                              1. ip-allow  when hosts *.example.org; paths /admin
                                              2. anonymous
                                            resolvers:
                                              1. static
                                            cookie-merger: default
                                            """, ""));
        }
    }

    @Test
    void wrongConfiguration_isRefusedWithAllComplaints() throws Exception {
        String file = file("listen { port = x }\nauthenticators = [ { plugin = anonymous } ]\nresolver = []");
        assertThat(run("--check", "--config", file).err().lines())
                .containsExactlyElementsOf(List.of(
                        "listen.port: x (expected: 0-65535), " + file + ": 1",
                        "resolvers: none (expected: at least one, such as resolvers = [ { plugin = static, routes = [ { upstream = \"http://127.0.0.1:9000\" } ] } ]), "
                                + file,
                        "resolver: unknown key (expected: access-log, admin, authenticators, cookie-merger, forwarding, limits, listen, pool, reload, resolvers, timeouts, tracing, transport, upstream-tls), "
                                + file + ": 3"));
        assertThat(run("--config", file).code()).isEqualTo(2);
    }

    @Test
    void unreadKeyOfAPlugin_isRefused() throws Exception {
        String file = file("authenticators = [ { plugin = anonymous, user = x } ]\n"
                + "resolvers = [ { plugin = static, routes = [ { upstream = \"http://h\", trus = trusted } ] } ]");
        assertThat(run("--check", "--config", file))
                .satisfies(result -> assertThat(result.code()).isEqualTo(2))
                .extracting(Result::err)
                .asString()
                .startsWith("authenticators[0].user: unknown key (expected: plugin, when), " + file + ": 1\n"
                        + "resolvers[0].routes[0].trus: unknown key (expected: allow-encoded-slashes, host, ");
    }

    @Test
    void missingFile_isRefused() {
        assertThat(run("--config", "none.conf"))
                .isEqualTo(new Result(2, "", "none.conf: no such file (expected: a configuration file)\n"));
    }

    @Test
    void transportThatIsNotThere_isRefused() throws Exception {
        String file = file("transport = io-uring\n" + CHAINS);
        assertThat(run("--check", "--config", file).err())
                .startsWith("transport: io_uring is not available (expected: ")
                .endsWith(", " + file + ": 1\n")
                .hasLineCount(1);
    }

    @Test
    void portInUse_isRefused() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String file = file("listen { port = " + taken.getLocalPort() + " }\n" + CHAINS);
            Result result = run("--config", file);
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .startsWith("listen.port: 127.0.0.1:" + taken.getLocalPort() + " cannot be bound: ")
                    .contains("in use")
                    .endsWith("(expected: a free port on an address of this host), " + file + ": 1\n")
                    .hasLineCount(1);
        }
    }
}
