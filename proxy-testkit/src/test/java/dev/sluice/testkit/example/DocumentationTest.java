package dev.sluice.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/testing-plugins.md shows is what is compiled here. */
class DocumentationTest {

    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyExample_isThatOfThePage() throws IOException {
        String page = Files.readString(Path.of("../docs/testing-plugins.md"));
        List<String> shown = CODE.matcher(page).results().map(m -> m.group(1)).toList();

        List<String> compiled = new ArrayList<>();
        for (String name : List.of(
                "ApiKeyAuthenticator", "ApiKeyContractTest", "ApiKeyAuthenticatorTest", "UpstreamExampleTest")) {
            Path file = Path.of("src/test/java/dev/sluice/testkit/example", name + ".java");
            compiled.add(Files.readString(file).replaceFirst("(?s)^.*?\nimport [^\n]*;\n\n(?!import)", ""));
        }
        assertThat(shown).isEqualTo(compiled);
    }
}
