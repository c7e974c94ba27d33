package dev.sluice.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.ProxySettings.Transport;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HoconConfigTest {

    private static final String PATH = System.getenv("PATH");

    static Stream<Arguments> wrongValues() {
        return Stream.of(
                wrong(
                        "port = 70000",
                        c -> c.integer("port", 1, 1, 65535),
                        "port: 70000 (expected: 1-65535), proxy.conf: 1"),
                wrong(
                        "\n\nport = 80.5",
                        c -> c.integer("port", 1, 1, 65535),
                        "port: 80.5 (expected: 1-65535), proxy.conf: 3"),
                wrong("a { port = x }", c -> c.integer("a.port", 1, 1, 9), "a.port: x (expected: 1-9), proxy.conf: 1"),
                wrong("n = 99999999999", c -> c.integer("n", 1, 1, 9), "n: 99999999999 (expected: 1-9), proxy.conf: 1"),
                wrong("b = yes", c -> c.bool("b", true), "b: yes (expected: true or false), proxy.conf: 1"),
                wrong(
                        "d = 5",
                        c -> c.duration("d", Duration.ofSeconds(1)),
                        "d: 5 (expected: a duration between 1ms and 365d with its unit, such as 500ms, 5s, 2m), proxy.conf: 1"),
                wrong(
                        "d = 0s",
                        c -> c.duration("d", Duration.ofSeconds(1)),
                        "d: 0s (expected: a duration between 1ms and 365d with its unit, such as 500ms, 5s, 2m), proxy.conf: 1"),
                wrong(
                        "d = -5s",
                        c -> c.duration("d", Duration.ofSeconds(1)),
                        "d: -5s (expected: a duration between 1ms and 365d with its unit, such as 500ms, 5s, 2m), proxy.conf: 1"),
                wrong(
                        "d = 5 parsecs",
                        c -> c.duration("d", Duration.ofSeconds(1)),
                        "d: 5 parsecs (expected: a duration between 1ms and 365d with its unit, such as 500ms, 5s, 2m), proxy.conf: 1"),
                wrong(
                        "s = 5 stones",
                        c -> c.bytes("s", 1),
                        "s: 5 stones (expected: a number of bytes, such as 512, 64k, 10M), proxy.conf: 1"),
                wrong(
                        "s = -1",
                        c -> c.bytes("s", 1),
                        "s: -1 (expected: a number of bytes, such as 512, 64k, 10M), proxy.conf: 1"),
                wrong(
                        "u = \"/x\"",
                        c -> c.uri("u"),
                        "u: /x (expected: an absolute URI, such as https://example.org/), proxy.conf: 1"),
                wrong(
                        "t = kqueue",
                        c -> c.oneOf(Transport.class, "t", Transport.AUTO),
                        "t: kqueue (expected: auto, nio, epoll, io-uring), proxy.conf: 1"),
                wrong("s = [1]", c -> c.string("s"), "s: a list (expected: a text), proxy.conf: 1"),
                wrong("s { a = 1 }", c -> c.string("s"), "s: a section (expected: a text), proxy.conf: 1"),
                wrong("s = null", c -> c.optional("s"), "s: null (expected: a text), proxy.conf: 1"),
                wrong("s = \"\"", c -> c.string("s"), "s: empty (expected: a text), proxy.conf: 1"),
                wrong("l = [a, {}]", c -> c.strings("l"), "l[1]: a section (expected: a text), proxy.conf: 1"),
                wrong("s = 1", c -> c.section("s"), "s: 1 (expected: a section: { ... }), proxy.conf: 1"),
                wrong(
                        "s { }",
                        c -> c.sections("s"),
                        "s: a section (expected: a list of sections: [ { ... } ]), proxy.conf: 1"),
                wrong("s = [\n{},\n7 ]", c -> c.sections("s"), "s[1]: 7 (expected: a section: { ... }), proxy.conf: 3"),
                wrong("a {\n b = 1 }", c -> c.string("a.c"), "a.c: missing (expected: a text), proxy.conf: 1"),
                wrong("", c -> c.uri("u"), "u: missing (expected: an absolute URI), proxy.conf"),
                wrong("a = 1", c -> c.string("a.b"), "a: 1 (expected: a section: { ... }), proxy.conf: 1"));
    }

    private static Arguments wrong(String text, Consumer<PluginConfig> read, String message) {
        return Arguments.of(text, read, message);
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void wrongValue_isNamedWithKeyFoundExpectedAndLine(String text, Consumer<PluginConfig> read, String message) {
        HoconConfig config = HoconConfig.parse(text);
        assertThatThrownBy(() -> read.accept(config))
                .isInstanceOf(PluginConfigException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> brokenFiles() {
        return Stream.of(
                Arguments.of(
                        "a { b = 1\n c = 2 } }",
                        "not HOCON: unbalanced close brace '}' with no open brace, proxy.conf: 2"),
                Arguments.of(
                        "\na = ${SLUICE_NOT_SET}",
                        "${SLUICE_NOT_SET}: not set (expected: an environment variable, or a key of the file), proxy.conf: 2"),
                Arguments.of(
                        "client-secret = h\"unter2\nx\" = 1",
                        "not HOCON: Expecting end of input or a comma, got something else, proxy.conf: 1"));
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void brokenFile_isNamedWithLineAndWithoutItsTexts(String text, String message) {
        assertThatThrownBy(() -> HoconConfig.parse(text))
                .isInstanceOf(PluginConfigException.class)
                .hasMessage(message);
    }

    @Test
    void values_areReadAsTheirType() {
        HoconConfig config = HoconConfig.parse("""
                text = hello world, number-text = 0123, quoted-number = "8000", off = "false"
                wait = 500ms, size = 64k, where = "https://example.org/x", transport = io_uring
                one = a, many = [a, 2], section { inner { key-id = 3 } }, "dotted.name" = d
                """);
        assertThat(config.string("text")).isEqualTo("hello world");
        assertThat(config.string("number-text")).isEqualTo("0123");
        assertThat(config.integer("quoted-number", 1, 1, 65535)).isEqualTo(8000);
        assertThat(config.bool("off", true)).isFalse();
        assertThat(config.duration("wait", Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(500));
        assertThat(config.bytes("size", 1)).isEqualTo(65536);
        assertThat(config.uri("where")).isEqualTo(URI.create("https://example.org/x"));
        assertThat(config.oneOf(Transport.class, "transport", Transport.AUTO)).isEqualTo(Transport.IO_URING);
        assertThat(config.strings("one")).containsExactly("a");
        assertThat(config.strings("many")).containsExactly("a", "2");
        assertThat(config.string("section.inner.key-id")).isEqualTo("3");
        assertThat(config.string("dotted.name")).isEqualTo("d");
        assertThat(config.string("absent", "or")).isEqualTo("or");
        assertThat(config.optional("absent")).isEmpty();
        assertThat(config.section("absent")).isEmpty();
        assertThat(config.sections("absent")).isEmpty();
        assertThat(config.strings("absent")).isEmpty();
        assertThat(config.unread()).isEmpty();
    }

    @Test
    void keys_areInTheOrderOfTheirLines() {
        assertThat(HoconConfig.parse("z = 1\na = 2\n\"m.x\" = 3\nb = 4").keys()).containsExactly("z", "a", "m.x", "b");
    }

    @Test
    void has_doesNotCountAsReading() {
        HoconConfig config = HoconConfig.parse("a { b = 1 }, c = 1");
        assertThat(config.has("a.b")).isTrue();
        assertThat(config.has("a.x")).isFalse();
        assertThat(config.has("c.x")).isFalse();
        assertThat(config.unread()).hasSize(2);
    }

    @Test
    void unreadKeys_areListedWithLineAndTheKeysThatAreKnown() {
        HoconConfig config = HoconConfig.parse("prot = 1\nport = 2\nlist = [\n{ a = 1\n b = 2 } ]\nlost { x = 1 }");
        config.integer("port", 1, 1, 9);
        config.optional("host");
        config.sections("list").get(0).string("a");
        assertThatThrownBy(config::refuseUnread)
                .hasMessage("prot: unknown key (expected: host, list, port), proxy.conf: 1\n"
                        + "lost: unknown key (expected: host, list, port), proxy.conf: 6\n"
                        + "list[0].b: unknown key (expected: a), proxy.conf: 5");
    }

    @Test
    void secrets_areNotQuoted() {
        HoconConfig config = HoconConfig.parse("""
                client-secret = [hunter2], redis-password = hunter2, api-key = hunter2
                session { token = hunter2 }, url = "redis://user:hunter2@host", secrets = [hunter2]
                """);
        assertThatThrownBy(() -> config.string("client-secret")).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> config.bool("redis-password", false)).hasMessageStartingWith("redis-password: ***");
        assertThatThrownBy(() -> config.duration("api-key", Duration.ofSeconds(1)))
                .hasMessageStartingWith("api-key: ***");
        assertThatThrownBy(() -> config.integer("session.token", 1, 1, 2)).hasMessageStartingWith("session.token: ***");
        assertThatThrownBy(() -> config.integer("url", 1, 1, 2)).hasMessageStartingWith("url: redis://***@host");
        assertThat(config.wrong("url", "redis://user:hunter2@host (expected: x)"))
                .hasMessageNotContaining("hunter2");
        assertThat(config.wrong("api-key", "hunter2 (expected: 32 letters)"))
                .hasMessage("api-key: *** (expected: 32 letters), proxy.conf: 1");
        assertThat(config.wrong("secrets[0]", "hunter2 (expected: 32 letters)")).hasMessageNotContaining("hunter2");
    }

    @Test
    void valuesFromTheEnvironment_areShownAsWrittenWithTheirLine() {
        HoconConfig config = HoconConfig.parse(
                "\nport = ${PATH}\nmixed = \"p-\"${PATH}\nlist = [ ${PATH} ]\nopt = ${?SLUICE_NOT_SET}");
        assertThatThrownBy(() -> config.integer("port", 1, 1, 9))
                .hasMessage("port: ${PATH} (expected: 1-9), proxy.conf: 2");
        assertThatThrownBy(() -> config.integer("mixed", 1, 1, 9))
                .hasMessageStartingWith("mixed: \"p-\"${PATH} (expected")
                .hasMessageEndingWith("proxy.conf: 3");
        assertThat(config.wrong("port", PATH + " (expected: x)"))
                .hasMessage("port: ${PATH} (expected: x), proxy.conf: 2");
        assertThat(config.wrong("list[0]", PATH + " (expected: x)"))
                .hasMessage("list[0]: ${PATH} (expected: x), proxy.conf: 4");
        assertThat(config.has("opt")).isFalse();
    }

    @Test
    void longAndUnprintableValues_areShortened() {
        HoconConfig config = HoconConfig.parse("n = \"\\u001b[31m" + "x".repeat(500) + "\"");
        assertThatThrownBy(() -> config.integer("n", 1, 1, 2))
                .message()
                .startsWith("n: ?[31mxxx")
                .hasSizeLessThan(200);
    }

    @Test
    void files_areNamedInMessages(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("my.conf"), "\nport = x\n");
        assertThatThrownBy(() -> HoconConfig.parseFile(file).integer("port", 1, 1, 9))
                .hasMessage("port: x (expected: 1-9), " + file + ": 2");
        assertThatThrownBy(() -> HoconConfig.parseFile(dir.resolve("none.conf")))
                .hasMessage(dir.resolve("none.conf") + ": no such file (expected: a configuration file)");
        assertThatThrownBy(() -> HoconConfig.parseFile(dir))
                .hasMessage(dir + ": a directory (expected: a configuration file)");
    }
}
