package dev.sluice.engine.launch;

import dev.sluice.api.spi.PluginConfigException;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param file the configuration; empty if the task needs none
 */
record Arguments(Task task, String file) {

    enum Task {
        HELP,
        PLUGINS,
        CHECK,
        SERVE
    }

    /** @throws PluginConfigException if it cannot be understood, with the usage */
    static Arguments parse(String[] args) {
        Task task = Task.SERVE;
        String file = null;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--help" -> task = only(Task.HELP, task);
                case "--plugins" -> task = only(Task.PLUGINS, task);
                case "--check" -> task = only(Task.CHECK, task);
                case "--config" -> {
                    if (file != null || i + 1 == args.length) {
                        throw wrong("--config: " + (file == null ? "nothing behind it" : "twice")
                                + " (expected: one file)");
                    }
                    file = args[++i];
                }
                default -> throw wrong(args[i] + ": unknown (expected: --config, --check, --plugins or --help)");
            }
        }
        boolean needsFile = task == Task.CHECK || task == Task.SERVE;
        if (needsFile != (file != null)) {
            throw wrong(needsFile ? "--config: missing (expected: --config FILE)" : "--config: not with this flag");
        }
        return new Arguments(task, textOf(file));
    }

    private static String textOf(@Nullable String file) {
        return file == null ? "" : file;
    }

    private static Task only(Task task, Task before) {
        if (before != Task.SERVE) {
            throw wrong("more than one of --check, --plugins and --help (expected: one)");
        }
        return task;
    }

    private static PluginConfigException wrong(String problem) {
        return new PluginConfigException(problem + "\n\n" + Main.USAGE.stripTrailing());
    }
}
