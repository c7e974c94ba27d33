package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.api.spi.RouteResolverProvider;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.contract.PluginProviderContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisRoutesProviderTest extends PluginProviderContract<RouteResolver> {

    @Override
    protected Class<? extends PluginProvider<RouteResolver>> spi() {
        return RouteResolverProvider.class;
    }

    @Override
    protected Class<? extends PluginProvider<RouteResolver>> provider() {
        return RedisRoutesProvider.class;
    }

    @Override
    protected String name() {
        return "redis-routes";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "staleness = 1m                                    | url: missing (expected: redis://",
                "url = \"http://:s3cret@x\"                        | url: not a URL of Redis (expected: redis",
                "url = [\"redis://a\", \"redis://b\"], cluster = false | cluster: false with 2 URLs (expected: true",
                "url = \"redis-sentinel://a#m\", cluster = true    | url: a Sentinel in a cluster (expected:",
                "url = \"redis://a\", timeout = soon               | timeout: soon (expected: a duration",
                "url = \"rediss://a\", ca-file = /no/such/file     | ca-file: /no/such/file (expected: a readable file",
                "url = \"redis://a\", prefix = \"a*\"              | prefix: a* (expected: letters, digits",
                "url = \"redis://a\", activity.prefix = \"sluice:route:used:\" | prefix: sluice:route:used: (expected: not"
            })
    void wrongConfiguration_isNamed_withoutItsSecrets(String config, String message) {
        assertThatThrownBy(() -> Routes.from(config, Clock.systemUTC()))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void everyKey_isRead_andOnThePage_andNoOther() throws IOException {
        try (RedisProcess redis = RedisProcess.start()) {
            var config = HoconConfig.parse("""
                    url = "%s"
                    cluster = false
                    timeout = 2s
                    ca-file = pom.xml
                    prefix = "r:"
                    staleness = 1m
                    groups-claim = roles
                    activity { prefix = "used:", interval = 10s, keep = 7d }
                    """.formatted(redis.url()));
            new RedisRoutesProvider()
                    .create(new TestContext(config, Clock.systemUTC()))
                    .close();
            assertThat(config.unread()).isEmpty();
            assertThat(keysOfThePage())
                    .containsExactlyInAnyOrderElementsOf(config.known().stream()
                            .filter(key -> !key.equals("activity"))
                            .toList());
        }
    }

    private static List<String> keysOfThePage() throws IOException {
        String page = Files.readString(Path.of("../docs/plugins/redis-routes.md"));
        String table = page.substring(page.indexOf("| key | value | default |"));
        return Pattern.compile("(?m)^\\| `([a-z.-]+)` ")
                .matcher(table.substring(0, table.indexOf("\n\n")))
                .results()
                .map(row -> row.group(1))
                .toList();
    }
}
