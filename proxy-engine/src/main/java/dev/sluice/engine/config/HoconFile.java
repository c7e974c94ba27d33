package dev.sluice.engine.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.sluice.api.spi.PluginConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Turns a file into a section, and the library's complaints into ours. */
final class HoconFile {

    private HoconFile() {}

    static HoconConfig parse(String text) {
        return parse("proxy.conf", options -> ConfigFactory.parseString(text, options));
    }

    static HoconConfig parse(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new PluginConfigException(file + ": "
                    + (Files.isDirectory(file) ? "a directory" : Files.exists(file) ? "not readable" : "no such file")
                    + " (expected: a configuration file)");
        }
        return parse(file.toString(), options -> ConfigFactory.parseFile(file.toFile(), options));
    }

    private static HoconConfig parse(String name, Function<ConfigParseOptions, Config> parser) {
        var options = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(name)
                .setAllowMissing(false);
        try {
            Config written = parser.apply(options);
            Config resolved = written.resolve();
            return new HoconConfig("", resolved.root(), written.root(), name);
        } catch (ConfigException e) {
            throw new PluginConfigException(describe(name, e));
        }
    }

    private static String describe(String name, ConfigException e) {
        String where = e.origin() == null ? name : HoconValue.place(e.origin());
        String message = String.valueOf(e.getMessage());
        if (message.startsWith(where + ": ")) {
            message = message.substring(where.length() + 2);
        }
        if (e instanceof ConfigException.UnresolvedSubstitution) {
            return message.replaceFirst("^.*?\\$", "\\$")
                    + ": not set (expected: an environment variable, or a key of the file), " + where;
        }
        return "not HOCON: " + withoutTokens(message) + ", " + where;
    }

    /**
     * The advice in brackets suggests other file types, and a quoted token may be a piece of a secret: of what is in
     * quotes, only a single punctuation mark is kept.
     */
    private static String withoutTokens(String message) {
        String complaint = message.replaceFirst("(?s) \\((if|JSON) .*", "");
        int first = complaint.indexOf('\'');
        int last = complaint.lastIndexOf('\'');
        boolean mark = last - first == 2 && !Character.isLetterOrDigit(complaint.charAt(first + 1));
        return first < 0 || mark ? complaint : complaint.substring(0, first) + "something else";
    }
}
