package dev.sluice.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say is there, is there; what they show as code, is compiled. */
class DocumentationTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void linkBetweenPages_leadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)).normalize())) {
                    broken.add(ROOT.relativize(page) + ": " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void javaOfReadmeAndGuide_isCompiledSomewhere() throws IOException {
        String compiled = words(sources());
        for (String name : List.of("README.md", "docs/writing-a-plugin.md")) {
            String text = Files.readString(ROOT.resolve(name));
            Matcher snippet = JAVA.matcher(text);
            int found = 0;
            while (snippet.find()) {
                found++;
                assertThat(compiled.contains(words(snippet.group(1))))
                        .as(name + ": " + snippet.group(1))
                        .isTrue();
            }
            assertThat(found).as("snippets of " + name).isPositive();
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.list(ROOT), Files.walk(ROOT.resolve("docs")))) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        }
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Stream.concat(
                Files.walk(ROOT.resolve("examples/quickstart/src")), Files.walk(ROOT.resolve("proxy-api/src/test")))) {
            StringBuilder all = new StringBuilder();
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> all.append(read(file)));
            return all.toString();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", ""); // the formatter breaks lines where a page does not
    }
}
