package dev.sluice.examples.workspace;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One workspace for all tests, started by the first of them. */
final class StartedWorkspace implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Workspace.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Workspace.class, type -> start(), Workspace.class);
    }

    private static Workspace start() {
        List<String> missing = new ArrayList<>(Packages.missing());
        Browser.PROGRAMS.forEach((name, program) -> {
            if (!Files.isExecutable(program)) {
                missing.add(name);
            }
        });
        require(missing);
        try {
            Path directory = Files.createDirectories(Path.of("target/test-workspace"));
            return Workspace.start(
                    Files.createTempDirectory(directory.toAbsolutePath(), ""), Part.freePort(), System.out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the test with an outcry if packages are missing, or fails it where they have to be there. */
    static void require(List<String> missing) {
        if (missing.isEmpty()) {
            return;
        }
        String outcry = "workspace: not installed: " + String.join(" ", missing) + " (expected: Debian's packages)";
        if ("true".equals(System.getenv("CI"))) {
            fail(outcry);
        }
        System.err.println("\n!!! NOT TESTED in a real browser: " + outcry + "\n");
        abort(outcry);
    }
}
