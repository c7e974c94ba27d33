package dev.sluice.examples.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Debian's packages that the workspace is made of. */
public final class Packages {

    static final String PYTHON = "/usr/bin/python3";

    private static final Map<String, String> PROGRAMS =
            Map.of("redis-server", "/usr/bin/redis-server", "haproxy", "/usr/sbin/haproxy");
    private static final Map<String, String> MODULES = new LinkedHashMap<>();

    static {
        MODULES.put("python3-django", "django");
        MODULES.put("python3-django-oauth-toolkit", "oauth2_provider");
        MODULES.put("python3-redis", "redis");
        MODULES.put("python3-tornado", "tornado");
    }

    private Packages() {}

    /** Names of the packages that are not installed, in words for {@code apt-get install}. */
    public static List<String> missing() {
        List<String> missing = new ArrayList<>();
        PROGRAMS.forEach((name, program) -> {
            if (!Files.isExecutable(Path.of(program))) {
                missing.add(name);
            }
        });
        MODULES.forEach((name, module) -> {
            if (!hasModule(module)) {
                missing.add(name);
            }
        });
        return missing.stream().sorted().toList();
    }

    /** Whether people can start Jupyter, which the workspace does without. */
    public static boolean hasJupyter() {
        return hasModule("notebook");
    }

    private static boolean hasModule(String module) {
        // Looked for, not imported, which would take a second for some.
        String look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('" + module + "') is None)";
        try {
            return new ProcessBuilder(PYTHON, "-c", look).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
