package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in {@code docs/behaviour.md} names tests that are there. */
class BehaviourTableTest {

    private static final Pattern TEST = Pattern.compile("`([A-Za-z]+)#([A-Za-z0-9_]+)`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| [^|]+ \\| [^|]+ \\|$");
    private static final List<String> PACKAGES = List.of("wire", "exchange", "http", "netty", "config", "builtin");

    @Test
    void everyTestThatIsNamed_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        Matcher named = TEST.matcher(table());
        int seen = 0;
        while (named.find()) {
            seen++;
            if (PACKAGES.stream()
                    .noneMatch(p -> exists("dev.sluice.engine." + p + "." + named.group(1), named.group(2)))) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(seen).isGreaterThan(100);
    }

    @Test
    void everyBehaviour_hasOneRow() throws IOException {
        List<Integer> numbers = ROW.matcher(table())
                .results()
                .map(row -> Integer.valueOf(row.group(1)))
                .toList();
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 91).boxed().toList());
    }

    private static boolean exists(String type, String method) {
        try {
            return Stream.of(Class.forName(type).getDeclaredMethods())
                    .map(Method::getName)
                    .anyMatch(method::equals);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static String table() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/behaviour.md"))) {
            here = Objects.requireNonNull(here.getParent(), "no docs/behaviour.md above the working directory");
        }
        return Files.readString(here.resolve("docs/behaviour.md"));
    }
}
