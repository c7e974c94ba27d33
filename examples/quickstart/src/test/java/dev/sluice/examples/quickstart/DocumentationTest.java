package dev.sluice.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages say is there, is there; what they show as code, is compiled. */
class DocumentationTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]+)#([A-Za-z0-9_]+)`");
    private static final Pattern CASES = Pattern.compile("`SmugglingTest` \\(cases? ([A-Za-z0-9, ]+)\\)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| .*\\|$");
    private static final Path SMUGGLING =
            ROOT.resolve("proxy-engine/src/test/resources/dev/sluice/engine/wire/smuggling.txt");
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
    void everyPage_isReachedFromTheIndex() throws IOException {
        Path docs = ROOT.resolve("docs");
        String index = Files.readString(docs.resolve("README.md"));
        List<String> pages = files(docs, 2, ".md").stream()
                .map(page -> docs.relativize(page).toString())
                .filter(page -> !page.equals("README.md") && !page.matches("adr/\\d.*"))
                .toList();
        assertThat(pages).contains("plugins/sso.md").allMatch(page -> index.contains("(" + page + ")"));
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

    @ParameterizedTest
    @CsvSource({"docs/behaviour.md, 91", "docs/attacks.md, 64"})
    void everyRow_isThereOnceAndNamesTestsThatExist(String page, int rows) throws IOException {
        String table = Files.readString(ROOT.resolve(page));
        assertThat(ROW.matcher(table).results().map(row -> Integer.valueOf(row.group(1))))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, rows).boxed().toList());

        Map<String, String> tests = testSources();
        List<MatchResult> named = TEST.matcher(table).results().toList();
        assertThat(named).hasSizeGreaterThan(rows);
        assertThat(named)
                .allSatisfy(test -> assertThat(tests.getOrDefault(test.group(1), ""))
                        .as(test.group())
                        .containsPattern("\\bvoid " + test.group(2) + "\\("));
    }

    @Test
    void everyCaseOfSmuggling_isNamedInTheRowOfItsAttack() throws IOException {
        List<String> named = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/attacks.md")));
        while (row.find()) {
            Matcher cases = CASES.matcher(row.group());
            while (cases.find()) {
                List<String> ids = List.of(cases.group(1).split(", "));
                assertThat(ids).allMatch(id -> id.matches("A" + row.group(1) + "[a-z]?"), row.group());
                named.addAll(ids);
            }
        }
        try (Stream<String> lines = Files.lines(SMUGGLING)) {
            assertThat(named)
                    .containsExactlyInAnyOrderElementsOf(lines.filter(line -> line.matches("A\\d.*"))
                            .map(line -> line.split(" ", 2)[0])
                            .toList());
        }
    }

    /** The tests of all modules, by their simple names; those of one name are joined. */
    private static Map<String, String> testSources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            Map<String, String> sources = new HashMap<>();
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .forEach(file -> sources.merge(
                                    file.getFileName().toString().replace(".java", ""), read(file), String::concat));
                }
            }
            return sources;
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(files(ROOT, 1, ".md"));
        pages.addAll(files(ROOT.resolve("docs"), 9, ".md"));
        pages.addAll(files(ROOT.resolve("examples"), 2, ".md"));
        return pages;
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String tree : List.of("examples/quickstart/src", "examples/custom-plugins/src", "proxy-api/src/test")) {
            files(ROOT.resolve(tree), 99, ".java").forEach(file -> all.append(read(file)));
        }
        return all.toString();
    }

    private static List<Path> files(Path root, int depth, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(root, depth)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
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
