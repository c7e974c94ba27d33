package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every configuration that the pages show makes a plugin, and no key in it is unknown. */
final class DocumentationTest {

    private static final Pattern SNIPPET = Pattern.compile("```hocon\\n(.*?)```", Pattern.DOTALL);

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

    private static void accept(AuthenticatorProvider provider, String snippet) {
        String config = snippet.replace("${REDIS_URL}", "\"" + redis.url() + "\"")
                .replace("port = 9001", "port = 0")
                .replaceAll("\\$\\{[A-Z_]+}", "\"" + TestConfigs.SECRET + "\"");
        HoconConfig parsed = HoconConfig.parse(config);
        assertThat(parsed.string("plugin")).isEqualTo(provider.name());
        try (Authenticator made = provider.create(new FakePluginContext(parsed))) {
            assertThat(made).isNotNull();
            assertThat(parsed.unread()).isEmpty();
        }
    }
}
