package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every configuration that the pages show makes a plugin; they name every key that is read, and no other. */
final class DocumentationTest {

    private static final Pattern SNIPPET = Pattern.compile("```hocon\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9.-]+)");

    private static TestRedis redis;

    @BeforeAll
    static void startRedis() {
        redis = new TestRedis();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @TestFactory
    Stream<DynamicTest> configurationsOfThePages_areAccepted() {
        return Stream.of(new SsoProvider(), new BasicProvider())
                .flatMap(provider -> snippets(provider)
                        .map(snippet -> DynamicTest.dynamicTest(
                                provider.name() + ": "
                                        + snippet.lines().skip(1).findFirst().orElse(""),
                                () -> accept(provider, snippet))));
    }

    @Test
    void keysOfThePages_areThoseThatAreRead(@TempDir Path directory) throws Exception {
        Path keys = Files.writeString(
                directory.resolve("keys.json"),
                new JWKSet(new RSAKeyGenerator(2048).keyID("k").generate()).toString(false));
        List<String> more = List.of("""
                plugin = sso, public-url = "https://p.test", issuer = "https://sso.test/", client-id = proxy
                require = [ { hosts = [p.test], email-domains = [p.test] }, { claim = a, any-of = [b] } ]
                session { store = redis, url = ${REDIS_URL} }, secrets = [${SECRET}], cookie {}, bearer { audience = a }
                bind-to-networks = [ { name = office, networks = ["10.0.0.0/8"] } ]
                assertion { key-file = "%s" }, back-channel { port = 0 }, logout { return = "https://p.test/bye" }
                """.formatted(keys), """
                plugin = sso, public-url = "https://p.test", client-id = proxy, user-claim = id, oauth2 {
                  authorize = "https://sso.test/a", token = "https://sso.test/t", profile = "https://sso.test/p"
                  logout = "https://sso.test/l" }
                """);
        assertThat(keysRead(new SsoProvider(), more)).isEqualTo(keysOfThePage("sso"));
        assertThat(keysRead(new BasicProvider(), List.of())).isEqualTo(keysOfThePage("basic"));
    }

    private static Set<String> keysRead(AuthenticatorProvider provider, List<String> more) {
        List<String> read = Stream.concat(snippets(provider), more.stream())
                .flatMap(snippet -> accept(provider, snippet).known().stream())
                // What is in a list's elements is told in the list's row; headers have the user's own names.
                .map(key -> key.replaceFirst("\\[].*", "").replaceFirst("^headers\\..*", "headers"))
                .filter(key -> !key.equals("plugin"))
                .toList();
        return leaves(read);
    }

    private static Set<String> keysOfThePage(String plugin) throws IOException {
        boolean keys = false;
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/plugins", plugin + ".md"))) {
            keys = line.startsWith("| key ") || (keys && line.startsWith("|"));
            Matcher row = ROW.matcher(line);
            if (keys && row.find()) {
                rows.add(row.group(1));
            }
        }
        return leaves(rows);
    }

    private static Set<String> leaves(List<String> keys) {
        Set<String> leaves = new TreeSet<>(keys);
        leaves.removeIf(key -> keys.stream().anyMatch(other -> other.startsWith(key + ".")));
        return leaves;
    }

    private static Stream<String> snippets(AuthenticatorProvider provider) {
        try {
            List<String> all = SNIPPET.matcher(Files.readString(Path.of("../docs/plugins", provider.name() + ".md")))
                    .results()
                    .map((MatchResult result) -> result.group(1))
                    .toList();
            assertThat(all).isNotEmpty();
            return all.stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HoconConfig accept(AuthenticatorProvider provider, String snippet) {
        String config = snippet.replace("${REDIS_URL}", "\"" + redis.url() + "\"")
                .replace("port = 9001", "port = 0")
                .replaceAll("\\$\\{[A-Z_]+}", "\"" + TestConfigs.SECRET + "\"");
        HoconConfig parsed = HoconConfig.parse(config);
        assertThat(parsed.string("plugin")).isEqualTo(provider.name());
        try (Authenticator made = provider.create(new FakePluginContext(parsed))) {
            assertThat(made).isNotNull();
            assertThat(parsed.unread()).isEmpty();
        }
        return parsed;
    }
}
