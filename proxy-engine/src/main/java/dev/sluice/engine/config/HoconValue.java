package dev.sluice.engine.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.sluice.api.spi.PluginConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One value of a file, with where it stands and how it may be quoted. Texts from the environment come without a type, so
 * {@code "8000"} counts as a number.
 */
final class HoconValue {

    private static final Pattern SECRET =
            Pattern.compile("secret|passw|key|token|credential|authorization|cookie", Pattern.CASE_INSENSITIVE);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final String path;
    private final String name;
    private final ConfigValue value;
    private final @Nullable ConfigValue written;
    private final String enclosing;

    /**
     * @param path the whole key, for messages
     * @param name the key's last part, which tells whether the value is a secret
     * @param value after substitution
     * @param written before substitution, if that is known: it alone has a line when the value is the environment's
     * @param enclosing where the section begins, for values without a line of their own
     */
    HoconValue(String path, String name, ConfigValue value, @Nullable ConfigValue written, String enclosing) {
        this.path = path;
        this.name = name;
        this.value = value;
        this.written = written;
        this.enclosing = enclosing;
    }

    ConfigValue value() {
        return value;
    }

    @Nullable
    ConfigValue written() {
        return written;
    }

    String path() {
        return path;
    }

    String text() {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> scalar();
            case OBJECT, LIST, NULL -> throw expected("a text");
        };
    }

    int integer(int min, int max) {
        String range = min + "-" + max;
        try {
            int number = Integer.parseInt(isScalar() ? scalar() : "");
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw expected(range);
    }

    boolean bool() {
        String text = isScalar() ? scalar() : "";
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw expected("true or false");
    }

    /** A number without a unit is refused: nobody can see whether it means seconds. */
    Duration duration() {
        if (value.valueType() == ConfigValueType.STRING && scalar().matches("[0-9].*[a-z]")) {
            try {
                Duration duration = alone().getDuration("x");
                if (duration.toMillis() >= 1 && duration.compareTo(LONGEST) <= 0) {
                    return duration;
                }
            } catch (ConfigException e) {
                // answered below
            }
        }
        throw expected("a duration between 1ms and 365d with its unit, such as 500ms, 5s, 2m");
    }

    long bytes() {
        if (isScalar()) {
            try {
                long bytes = alone().getBytes("x");
                if (bytes >= 0) {
                    return bytes;
                }
            } catch (ConfigException e) {
                // answered below
            }
        }
        throw expected("a number of bytes, such as 512, 64k, 10M");
    }

    URI uri() {
        try {
            URI uri = new URI(text());
            if (uri.isAbsolute()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // answered below
        }
        throw expected("an absolute URI, such as https://example.org/");
    }

    <E extends Enum<E>> E oneOf(Class<E> type) {
        String text = isScalar() ? scalar().replace('_', '-') : "";
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(text)) {
                return constant;
            }
            names.add(name);
        }
        throw expected(String.join(", ", names));
    }

    /** The elements of a list; a single value counts as a list of one. */
    List<HoconValue> elements() {
        if (!(value instanceof ConfigList list)) {
            return List.of(this);
        }
        List<HoconValue> elements = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            ConfigValue before = written instanceof ConfigList w && w.size() == list.size() ? w.get(i) : null;
            elements.add(new HoconValue(path + "[" + i + "]", name, list.get(i), before, where()));
        }
        return elements;
    }

    PluginConfigException expected(String what) {
        return new PluginConfigException(path + ": " + shown() + " (expected: " + what + "), " + where());
    }

    /** {@code problem} is a plugin's text, in which the value may be quoted: not if it is not to be shown. */
    PluginConfigException wrong(String problem) {
        return wrong(problem, isSecret() || isSubstituted());
    }

    /** As {@link #wrong}, for the name of a file, which is no secret. */
    PluginConfigException wrongFile(String problem) {
        return wrong(problem, isSubstituted());
    }

    private PluginConfigException wrong(String problem, boolean hidden) {
        String found = problem;
        String rest = "";
        int split = problem.indexOf("(expected");
        if (split > 0) {
            found = problem.substring(0, split);
            rest = problem.substring(split);
        }
        if (hidden && isScalar() && !scalar().isEmpty()) {
            found = found.replace(scalar(), shown());
        }
        return new PluginConfigException(path + ": " + printable(found) + rest + ", " + where());
    }

    /** Where the value stands: {@code proxy.conf: 3}. */
    String where() {
        if (written != null && written.origin().lineNumber() > 0) {
            return place(written.origin());
        }
        return value.origin().lineNumber() > 0 ? place(value.origin()) : enclosing;
    }

    static String place(ConfigOrigin origin) {
        return origin.description();
    }

    /** The value for people: as it was written, {@code ${PORT}} and all; not at all if it is a secret. */
    private String shown() {
        if (value.valueType() == ConfigValueType.OBJECT) {
            return "a section";
        }
        if (value.valueType() == ConfigValueType.LIST) {
            return "a list";
        }
        if (isSecret()) {
            return "***";
        }
        if (isSubstituted()) {
            return written != null ? printable(written.render()) : "(from the environment)";
        }
        if (value.valueType() == ConfigValueType.NULL) {
            return "null";
        }
        return scalar().isEmpty() ? "empty" : printable(scalar());
    }

    private boolean isSecret() {
        return SECRET.matcher(name).find();
    }

    private boolean isSubstituted() {
        if (written == null) {
            return value.origin().description().contains("env variables");
        }
        try {
            written.valueType();
            return false;
        } catch (ConfigException.NotResolved e) {
            return true;
        }
    }

    private boolean isScalar() {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> true;
            case OBJECT, LIST, NULL -> false;
        };
    }

    /** As written: {@code 0123} stays so. */
    private String scalar() {
        return alone().getString("x");
    }

    private Config alone() {
        return value.atKey("x");
    }

    private static String printable(String text) {
        String masked = text.replaceAll("//[^/@\\s]*@", "//***@").replaceAll("[^\\x20-\\x7e]", "?");
        return masked.length() > 120 ? masked.substring(0, 120) + "..." : masked;
    }
}
