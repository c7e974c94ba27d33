package dev.sluice.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page for operators quotes what the code says. */
class OperationsPageTest {

    private static final Path PAGE = Path.of("../docs/operations.md");
    private static final Pattern MESSAGE = Pattern.compile("\\| `([^`]+)` \\| .* \\| .* \\|");
    private static final Pattern FAILURE = Pattern.compile("… [0-9]{3} ([A-Z_]+): …");

    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static String sources() throws IOException {
        return sources("src/main/java").replaceAll("\"\\s*\\+\\s*\"", ""); // texts that go on in the next line
    }

    private static String sources(String tree) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(tree))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        }
    }

    @Test
    void messagesToBeCured_areThoseOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        String sources = sources();
        List<String> kinds =
                Arrays.stream(ProxyFailure.Kind.values()).map(Enum::name).toList();
        List<String> messages = page.substring(page.indexOf("## Troubleshooting"))
                .lines()
                .map(MESSAGE::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
        assertThat(messages).hasSizeGreaterThan(15);
        for (String message : messages) {
            Matcher failure = FAILURE.matcher(message);
            if (failure.matches()) {
                assertThat(kinds).contains(failure.group(1));
            } else {
                for (String part : message.split("…|: true, but")) {
                    String text = part.strip().replaceFirst("^[:(] ?", "").replaceFirst("[:,)]+$", "");
                    assertThat(sources).as(message).contains(text);
                }
            }
        }
    }

    @Test
    void javaOfThePage_isCompiledHere() throws IOException {
        List<String> shown = JAVA.matcher(Files.readString(PAGE))
                .results()
                .map(snippet -> snippet.group(1))
                .toList();
        assertThat(shown).hasSize(1);
        assertThat(sources("src/test/java")).contains(shown);
    }

    @Test
    void metricsAndSpansOfThePage_areThoseOfTheCode() throws IOException {
        String sources = sources();
        String page = Files.readString(PAGE);
        List<String> named = Pattern.compile("\\| `sluice[_.]([a-z_]+?)(?:_total|_seconds)?` \\|")
                .matcher(page)
                .results()
                .map(row -> row.group(1))
                .toList();
        List<String> measured = Pattern.compile("\"sluice\\.([a-z.]+)\"")
                .matcher(sources)
                .results()
                .map(name -> name.group(1).replace('.', '_'))
                .collect(Collectors.toList());
        assertThat(named).containsExactlyInAnyOrderElementsOf(measured);
    }
}
