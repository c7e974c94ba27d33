package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavadocExamplesTest {

    private static final Path MAIN = Path.of("src/main/java/dev/sluice/api");
    private static final Path EXAMPLES = Path.of("src/test/java/dev/sluice/api/examples");

    @ParameterizedTest
    @CsvSource({"Authenticator, ApiKeyAuthenticator", "RouteResolver, UserHostResolver", "CookieMerger, PlainMerger"})
    void exampleOfAnSpi_isTheCompiledOne(String spi, String example) throws IOException {
        String compiled = Files.readString(EXAMPLES.resolve(example + ".java"));
        String javadoc = Files.readString(MAIN.resolve(spi + ".java"));
        assertThat(words(between(javadoc, "<pre>{@code", "}</pre>").replace("\n * ", "\n")))
                .isEqualTo(words(compiled.substring(compiled.indexOf("final class"))));
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }

    private static String words(String code) {
        return code.replaceAll("\\n \\*", "\n").replaceAll("\\s+", " ").strip();
    }
}
