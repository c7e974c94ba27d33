package dev.sluice.engine.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.TrackedConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A section of a HOCON file. It remembers which keys were asked for, and quotes neither secrets (by the key's name) nor
 * what came out of the environment: there the message shows the substitution as it was written. Not for use by several
 * threads at once.
 *
 * <p>{@code null} is never a value: a key that is not wanted is left out. Texts are taken as written, so {@code 0123} read
 * as a text is {@code 0123}; a text of digits is a number, since the environment has texts only. A duration needs its unit.
 */
public final class HoconConfig implements TrackedConfig {

    private final String path;
    private final ConfigObject section;
    private final @Nullable ConfigObject written;
    private final String where;
    private final TreeSet<String> asked = new TreeSet<>();
    private final Map<String, List<HoconConfig>> opened = new LinkedHashMap<>();

    HoconConfig(String path, ConfigObject section, @Nullable ConfigObject written, String where) {
        this.path = path;
        this.section = section;
        this.written = written;
        this.where = where;
    }

    /**
     * Parses a text; messages call it {@code proxy.conf}.
     *
     * @throws PluginConfigException if it is not HOCON, or names an environment variable that is not set
     */
    public static HoconConfig parse(String text) {
        return HoconFile.parse(text);
    }

    /**
     * Parses a file.
     *
     * @throws PluginConfigException as {@link #parse}, and if the file cannot be read
     */
    public static HoconConfig parseFile(Path file) {
        return HoconFile.parse(file);
    }

    @Override
    public String string(String key) {
        HoconValue value = required(key, "a text");
        if (value.text().isEmpty()) {
            throw value.expected("a text");
        }
        return value.text();
    }

    @Override
    public String string(String key, String or) {
        return optional(key).orElse(or);
    }

    @Override
    public Optional<String> optional(String key) {
        return Optional.ofNullable(find(key)).map(HoconValue::text);
    }

    @Override
    public int integer(String key, int or, int min, int max) {
        return read(key, or, value -> value.integer(min, max));
    }

    @Override
    public boolean bool(String key, boolean or) {
        return read(key, or, HoconValue::bool);
    }

    @Override
    public Duration duration(String key, Duration or) {
        return read(key, or, HoconValue::duration);
    }

    @Override
    public long bytes(String key, long or) {
        return read(key, or, HoconValue::bytes);
    }

    @Override
    public URI uri(String key) {
        return required(key, "an absolute URI").uri();
    }

    @Override
    public <E extends Enum<E>> E oneOf(Class<E> type, String key, E or) {
        return read(key, or, value -> value.oneOf(type));
    }

    @Override
    public List<String> strings(String key) {
        return read(
                key,
                List.of(),
                value -> value.elements().stream().map(HoconValue::text).toList());
    }

    @Override
    public Optional<PluginConfig> section(String key) {
        return open(key).map(PluginConfig.class::cast);
    }

    @Override
    public List<PluginConfig> sections(String key) {
        return List.copyOf(openAll(key));
    }

    @Override
    public List<String> keys() {
        Comparator<String> byLine =
                Comparator.comparingInt(key -> value(key).value().origin().lineNumber());
        return section.keySet().stream()
                .sorted(byLine.thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    @Override
    public boolean has(String key) {
        if (section.containsKey(key)) {
            return true;
        }
        int dot = key.indexOf('.');
        return dot > 0
                && section.get(key.substring(0, dot)) instanceof ConfigObject within
                && new HoconConfig(path, within, null, where).has(key.substring(dot + 1));
    }

    /** {@inheritDoc} An element of a list is addressed as {@code key[0]}. */
    @Override
    public PluginConfigException wrong(String key, String problem) {
        int bracket = key.endsWith("]") ? key.lastIndexOf('[') : -1;
        HoconValue value = find(bracket < 0 ? key : key.substring(0, bracket));
        if (value == null) {
            return new PluginConfigException(pathOf(key) + ": " + problem + ", " + whereOf(key));
        }
        if (bracket < 0) {
            return value.wrong(problem);
        }
        int index = Integer.parseInt(key.substring(bracket + 1, key.length() - 1));
        return value.elements().get(index).wrong(problem);
    }

    /** As {@link #wrong}, about a file: its name is shown, even if it is that of a key. */
    PluginConfigException wrongFile(String key, String problem) {
        HoconValue value = find(key);
        return value == null ? wrong(key, problem) : value.wrongFile(problem);
    }

    /** Refuses every key that is there and was not read. */
    public void refuseUnread() {
        List<String> unread = unread();
        if (!unread.isEmpty()) {
            throw new PluginConfigException(String.join("\n", unread));
        }
    }

    @Override
    public List<String> unread() {
        List<String> complaints = unreadHere();
        opened.values().forEach(children -> children.forEach(child -> complaints.addAll(child.unread())));
        return complaints;
    }

    @Override
    public boolean saysTheSameAs(TrackedConfig other) {
        return other instanceof HoconConfig that && section.withoutKey("when").equals(that.section.withoutKey("when"));
    }

    /** The keys whose values differ from those of {@code other}, in alphabetical order. */
    List<String> differences(HoconConfig other) {
        TreeSet<String> keys = new TreeSet<>(section.keySet());
        keys.addAll(other.section.keySet());
        keys.removeIf(key -> Objects.equals(section.get(key), other.section.get(key)));
        return List.copyOf(keys);
    }

    /** As {@link #unread}, without the sections within. */
    List<String> unreadHere() {
        List<String> complaints = new ArrayList<>();
        String known = asked.isEmpty() ? "none" : String.join(", ", asked);
        for (String key : keys()) {
            if (!asked.contains(key)) {
                complaints.add(pathOf(key) + ": unknown key (expected: " + known + "), "
                        + value(key).where());
            }
        }
        return complaints;
    }

    /**
     * Every key that was asked for here and in opened sections, with {@code []} for the elements of lists: for tests that
     * compare it with what is documented.
     */
    public List<String> known() {
        List<String> known = new ArrayList<>();
        for (String key : asked) {
            known.add(key);
            for (HoconConfig child : opened.getOrDefault(key, List.of())) {
                String element = child.path.endsWith("]") ? "[]." : ".";
                child.known().forEach(within -> known.add(key + element + within));
            }
        }
        return known.stream().distinct().toList();
    }

    /** As {@link #section}, for code that reads files rather than a plugin's part. */
    Optional<HoconConfig> open(String key) {
        return Optional.ofNullable(find(key))
                .map(value ->
                        opened.computeIfAbsent(key, k -> List.of(opened(value))).get(0));
    }

    /** As {@link #sections}. */
    List<HoconConfig> openAll(String key) {
        HoconValue value = find(key);
        if (value == null) {
            return List.of();
        }
        if (value.value() instanceof ConfigObject) {
            throw value.expected("a list of sections: [ { ... } ]");
        }
        return opened.computeIfAbsent(
                key, k -> value.elements().stream().map(HoconConfig::opened).toList());
    }

    /** As {@link #open}, with an empty section in place of an absent one. */
    HoconConfig openOrEmpty(String key) {
        return open(key)
                .orElseGet(
                        () -> new HoconConfig(pathOf(key), ConfigFactory.empty().root(), null, where));
    }

    boolean isEmptyList(String key) {
        return section.get(key) instanceof ConfigList list && list.isEmpty();
    }

    private static HoconConfig opened(HoconValue value) {
        if (!(value.value() instanceof ConfigObject object)) {
            throw value.expected("a section: { ... }");
        }
        ConfigObject before = value.written() instanceof ConfigObject w ? w : null;
        return new HoconConfig(value.path(), object, before, value.where());
    }

    private <T> T read(String key, T or, Function<HoconValue, T> as) {
        HoconValue value = find(key);
        return value == null ? or : as.apply(value);
    }

    private HoconValue required(String key, String expected) {
        HoconValue value = find(key);
        if (value == null) {
            throw new PluginConfigException(pathOf(key) + ": missing (expected: " + expected + "), " + whereOf(key));
        }
        return value;
    }

    /** Looks a key up and marks it as read; a key that itself holds a dot goes before a section within. */
    private @Nullable HoconValue find(String key) {
        int dot = key.indexOf('.');
        if (!section.containsKey(key) && dot > 0) {
            HoconConfig within = open(key.substring(0, dot)).orElse(null);
            return within == null ? null : within.find(key.substring(dot + 1));
        }
        asked.add(key);
        return section.containsKey(key) ? value(key) : null;
    }

    /** Where an absent key would have stood. */
    private String whereOf(String key) {
        int dot = key.indexOf('.');
        List<HoconConfig> within = dot > 0 ? opened.get(key.substring(0, dot)) : null;
        return within == null ? where : within.get(0).whereOf(key.substring(dot + 1));
    }

    private HoconValue value(String key) {
        ConfigValue value = Objects.requireNonNull(section.get(key), key);
        ConfigValue before = null;
        try {
            before = written == null ? null : written.get(key);
        } catch (ConfigException.NotResolved e) {
            // a section merged from substitutions has no one place where it was written
        }
        return new HoconValue(pathOf(key), key, value, before, where);
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
