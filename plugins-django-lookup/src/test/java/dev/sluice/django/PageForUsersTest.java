package dev.sluice.django;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.spi.PluginConfig;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakeHttpCalls;
import dev.sluice.testkit.FakePluginContext;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/plugins/django-lookup.md} shows is accepted, and it names every key and no other. */
class PageForUsersTest {

    private static final Path PAGE = Path.of("../docs/plugins/django-lookup.md");
    private static final Pattern SNIPPET = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| (?:`(.*?)`)?");

    private static List<String> snippets() throws IOException {
        return SNIPPET.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static Map<String, String> keys() throws IOException {
        Map<String, String> keys = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            keys.put(row.group(1), Objects.requireNonNullElse(row.group(2), ""));
        }
        return keys;
    }

    private static void create(PluginConfig config) {
        new DjangoLookupProvider()
                .create(new FakePluginContext(config).withHttp(FakeHttpCalls.failing()))
                .close();
    }

    @Test
    void everySnippet_makesAPlugin() throws IOException {
        String first = snippets().get(0);
        for (String snippet : snippets()) {
            HoconConfig config = HoconConfig.parse(first + snippet);
            config.string("plugin");
            create(config);
            assertThat(config.unread()).isEmpty();
        }
        assertThat(snippets()).hasSize(4);
    }

    @Test
    void everyKeyOfThePage_isAcceptedWithItsDefault() throws IOException {
        String defaults = keys().entrySet().stream()
                .filter(key -> !key.getValue().isEmpty())
                .map(key -> key.getKey() + " = " + key.getValue() + "\n")
                .collect(Collectors.joining());
        HoconConfig config = HoconConfig.parse(Lookups.REQUIRED + defaults + "push.url = \"redis://127.0.0.1:1\"");
        create(config);
        assertThat(config.unread()).isEmpty();
        assertThat(DjangoLookupConfig.read(config))
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(Pattern.class)
                .isEqualTo(DjangoLookupConfig.read(HoconConfig.parse(Lookups.REQUIRED)));
    }

    @Test
    void everyKeyThatIsRead_isOnThePage() throws IOException {
        Set<String> asked = new TreeSet<>();
        HoconConfig config = HoconConfig.parse(Lookups.REQUIRED + "push.url = \"redis://127.0.0.1:1\"");
        create(recording(config, "", asked));
        Set<String> documented = new TreeSet<>(keys().keySet());
        assertThat(asked).isEqualTo(documented);
    }

    private static PluginConfig recording(PluginConfig config, String prefix, Set<String> asked) {
        return (PluginConfig) Proxy.newProxyInstance(
                PluginConfig.class.getClassLoader(),
                new Class<?>[] {PluginConfig.class},
                (proxy, method, arguments) -> {
                    Object value;
                    try {
                        value = method.invoke(config, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    String key = prefix + arguments[0];
                    asked.add(key);
                    return value instanceof Optional<?> section && section.orElse(null) instanceof PluginConfig inner
                            ? Optional.of(recording(inner, key + ".", asked))
                            : value;
                });
    }
}
