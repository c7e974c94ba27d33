package dev.sluice.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.testkit.FakeRequest;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessFormatTest {

    private static final Instant NOW = Instant.parse("2026-11-23T18:00:00.123Z");

    private static ExchangeEnded exchange(String target, String user, @Nullable ProxyFailure failure) {
        return new ExchangeEnded(
                FakeRequest.get("https://app.example.org" + target).withIdentity(Identity.of(user)),
                200,
                failure,
                "apps",
                Upstream.of("http://10.0.0.7:8888"),
                new ExchangeEnded.Nanos(120_000, 30_500, 0, 8_020_000, 1_008_700_000),
                17,
                1234);
    }

    private static Config parsed(String line) {
        return ConfigFactory.parseString(line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
    }

    @Test
    void text_tellsWhoWhatAndHow() {
        String line = AccessFormat.TEXT.exchange(exchange("/lab/tree?token=hunter2", "alice", null), NOW);
        assertThat(line)
                .matches(
                        "192\\.0\\.2\\.1 - alice \\[2026-11-23T18:00:00\\.123Z]"
                                + " \"GET https://app\\.example\\.org/lab/tree\" 200 1234 id=[0-9a-z-]+ from-client=17 route=apps"
                                + " upstream=http://10\\.0\\.0\\.7:8888 outcome=ok ms=0\\.120/0\\.030/0\\.000/8\\.020/1008\\.700");
    }

    @Test
    void json_isOneObjectWithTheSame() {
        var failure = new ProxyFailure(ProxyFailure.Kind.UPSTREAM_CLOSED, true, new Exception("hunter2"));
        Config line = parsed(AccessFormat.JSON.exchange(exchange("/lab?token=hunter2", "alice", failure), NOW));
        assertThat(line.getString("user")).isEqualTo("alice");
        assertThat(line.getString("path")).isEqualTo("/lab");
        assertThat(line.getString("outcome")).isEqualTo("upstream_closed");
        assertThat(line.getString("culprit")).isEqualTo("upstream");
        assertThat(line.getBoolean("head_sent")).isTrue();
        assertThat(line.getLong("bytes_to_client")).isEqualTo(1234);
        assertThat(line.getDouble("ms.first_byte")).isEqualTo(8.02);
        assertThat(line.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @EnumSource
    void refused_isALineToo(AccessFormat format) {
        String line = format.refused(InetAddress.getLoopbackAddress(), 400, "Host is missing.", NOW);
        assertThat(line)
                .contains("127.0.0.1", "400", "refused", "Host is missing.")
                .doesNotContain("\n");
        if (format == AccessFormat.JSON) {
            assertThat(parsed(line).getInt("status")).isEqualTo(400);
        }
    }

    /** What a user's name or a path may hold: line ends, quotes, terminal escapes, other lines' beginnings, and length. */
    @ParameterizedTest
    @EnumSource
    void hostileText_staysInItsField(AccessFormat format) {
        String hostile = "a\" 200\r\n127.0.0.1 - admin\u001b[2J\\\u2028\",\"user\":\"admin\u0000";
        String line = format.exchange(exchange("/" + "x".repeat(100_000), hostile, null), NOW);
        assertThat(line).matches("[ -~]+").hasSizeLessThan(1500);
        if (format == AccessFormat.JSON) {
            assertThat(parsed(line).getString("user")).isEqualTo(hostile);
        } else {
            assertThat(line)
                    .contains(" - a\\u0022\\u0020200\\u000d\\u000a127.0.0.1\\u0020-\\u0020admin\\u001b[2J\\u005c");
        }
    }
}
